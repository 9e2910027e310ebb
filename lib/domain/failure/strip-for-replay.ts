import type { Headers } from "../message/headers.ts";
import { DEAD_LETTER_FORMATS } from "./dead-letter-formats/table.ts";

/** Flowtap's own headers, written by an earlier replay of the same event. */
const REPLAY_HEADERS = ["flowtap-replay-*", "flowtap-target-group", "flowtap-edited"] as const;

/**
 * The headers that a replay sends: all but those that describe the failure, in their order. With the failure's headers
 * the event would count as a dead letter at once, and the next failure would be recorded twice.
 */
export function stripForReplay(headers: Headers): Headers {
  const present = new Set(headers.map(([name]) => name.toLowerCase()));
  const patterns = DEAD_LETTER_FORMATS.flatMap(({ failureHeaders }) =>
    typeof failureHeaders === "function" ? failureHeaders(present) : failureHeaders,
  );
  const isFailureHeader = matcherOf([...REPLAY_HEADERS, ...patterns]);
  return headers.filter(([name]) => !isFailureHeader(name.toLowerCase()));
}

function matcherOf(patterns: readonly string[]): (name: string) => boolean {
  const names = new Set(patterns.filter((pattern) => !pattern.endsWith("*")));
  const prefixes = patterns.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
  return (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
