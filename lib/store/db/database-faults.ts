/**
 * Tells an outage of Postgres from a fault of Flowtap. Prisma and pg report it in different places, so the whole chain
 * of causes is searched.
 */
import { describeTlsFault } from "#lib/config/tls-files.ts";

const CODES: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH"],
  ...["P1000", "P1001", "P1002", "P1008", "P1017", "P2024", "P2037"],
  // Postgres: shutting down, crashed, starting, too many connections, connection lost
  ...["57P01", "57P02", "57P03", "53300", "08000", "08003", "08006"],
]);
const KINDS: ReadonlySet<string> = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);
const WORDS = new RegExp(
  [
    "connection terminated",
    "timeout exceeded when trying to connect",
    "can't reach database server",
    "server has closed the connection",
    "database system is (starting up|shutting down|in recovery)",
  ].join("|"),
  "i",
);

/** A fault that only a change of the configuration or the server can mend, described; null: any other. */
export function describeDatabaseFault(error: unknown): string | null {
  for (const { code, message } of chainOf(error)) {
    const [text, codeText] = [String(message), String(code)];
    const fault = describeTlsFault(codeText, text, "Postgres", "database.tls");
    if (fault !== null) return fault;
    if (codeText === "28000" && text.includes("no encryption"))
      return `Postgres takes encrypted connections only (${text}); set database.tls`;
  }
  return null;
}

/** Whether Postgres could not be reached or closed the connection. */
export const isDatabaseUnreachable = (error: unknown): boolean =>
  describeDatabaseFault(error) !== null ||
  chainOf(error).some(
    ({ code, originalCode, kind, message }) =>
      [code, originalCode].some((one) => typeof one === "string" && CODES.has(one)) ||
      KINDS.has(String(kind)) ||
      (typeof message === "string" && WORDS.test(message)),
  );

/** Whether Postgres cut a query off at its statement timeout, or because it waited too long for a lock. */
export const isTooSlow = (error: unknown): boolean => hasCode(error, "57014") || isLockTimeout(error);

/** Whether somebody else held a lock for too long. */
export const isLockTimeout = (error: unknown): boolean => hasCode(error, "55P03");

const hasCode = (error: unknown, wanted: string): boolean =>
  chainOf(error).some(({ code, originalCode }) => code === wanted || originalCode === wanted);

function chainOf(error: unknown, depth = 0): Record<string, unknown>[] {
  if (typeof error !== "object" || error === null || depth > 5) return [];
  const { cause, meta, errors, code, originalCode, kind, message } = error as Record<string, unknown>;
  const inner = [
    cause,
    typeof meta === "object" && meta !== null ? (meta as Record<string, unknown>)["driverAdapterError"] : undefined,
    ...(Array.isArray(errors) ? (errors as unknown[]) : []),
  ];
  return [{ code, originalCode, kind, message }, ...inner.flatMap((one) => chainOf(one, depth + 1))];
}
