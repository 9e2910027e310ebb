import { pino, type Logger } from "pino";

export type { Logger } from "pino";

/**
 * One JSON line per happening, on stderr, so that stdout stays for what a command answers. Level by FLOWTAP_LOG_LEVEL.
 */
export function openLog(name: string): Logger {
  return pino({ name, level: process.env["FLOWTAP_LOG_LEVEL"] ?? "info" }, pino.destination(2));
}
