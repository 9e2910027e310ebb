/** Trace and span ids as pages write them (hex) and as Postgres keeps them (uuid, signed bigint). */
export function uuidOf(traceId: string): string {
  const head = `${traceId.slice(0, 8)}-${traceId.slice(8, 12)}-${traceId.slice(12, 16)}`;
  return `${head}-${traceId.slice(16, 20)}-${traceId.slice(20)}`;
}
export const traceIdOf = (uuid: string): string => uuid.replaceAll("-", "");
export const spanIdOf = (span: bigint): string => BigInt.asUintN(64, span).toString(16).padStart(16, "0");
