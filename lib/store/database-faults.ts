/** Telling an outage of Postgres from a fault of ours. Prisma and pg say it in different places, so the whole chain of causes is looked at. */
const CODES: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH"],
  ...["P1000", "P1001", "P1002", "P1008", "P1017", "P2024", "P2037"],
  // Postgres: shutting down, crashed, starting, too many connections, connection lost
  ...["57P01", "57P02", "57P03", "53300", "08000", "08003", "08006"],
]);
const WORDS = /connection terminated|timeout exceeded when trying to connect|can't reach database server|server has closed the connection|database system is (starting up|shutting down|in recovery)/i;

export function isDatabaseUnreachable(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 5) return false;
  const { code, message, cause, meta, kind, originalCode, errors } = error as Record<string, unknown>;
  if (typeof code === "string" && CODES.has(code)) return true;
  if (typeof originalCode === "string" && CODES.has(originalCode)) return true;
  if (kind === "DatabaseNotReachable" || kind === "ConnectionClosed" || kind === "SocketTimeout" || kind === "TooManyConnections") return true;
  if (typeof message === "string" && WORDS.test(message)) return true;
  if (Array.isArray(errors) && errors.some((inner) => isDatabaseUnreachable(inner, depth + 1))) return true;
  const driver = typeof meta === "object" && meta !== null ? (meta as Record<string, unknown>)["driverAdapterError"] : undefined;
  return isDatabaseUnreachable(cause, depth + 1) || isDatabaseUnreachable(driver, depth + 1);
}
