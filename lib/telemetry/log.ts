import { pino, type Logger } from "pino";

export type { Logger } from "pino";

/**
 * One JSON line per event, on stderr, so that stdout is free for the output of commands. Level by FLOWTAP_LOG_LEVEL.
 */
export function openLog(name: string): Logger {
  return pino({ name, level: process.env["FLOWTAP_LOG_LEVEL"] ?? "info" }, pino.destination(2));
}
