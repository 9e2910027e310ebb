/**
 * Guessing tokens is counted, logged with its address, and slow: each wrong token waits longer for its answer than the
 * one before, and after some the tokens of that network are not looked at until the minute is over. Sessions go on.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "#lib/telemetry/log.ts";
import { openAttemptLimit } from "./attempt-limit.ts";

const MOST_A_MINUTE = 30;
const WAIT_MS = { first: 50, most: 3000 } as const;

export interface WrongTokens {
  /** whether so many were wrong that the next is not looked at */
  isBlocked(address: string): boolean;
  /** resolves when the refusal may be answered */
  refused(address: string, way: "bearer" | "sign_in"): Promise<void>;
}

export interface WrongTokensDeps {
  readonly count: (way: "bearer" | "sign_in") => void;
  readonly log: Pick<Logger, "warn">;
  readonly now: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

export function openWrongTokens({
  count,
  log,
  now,
  wait = (ms) => sleep(ms, undefined, { ref: false }),
}: WrongTokensDeps): WrongTokens {
  const attempts = openAttemptLimit({ most: MOST_A_MINUTE, windowMs: 60_000, now });
  return {
    isBlocked: attempts.isUsedUp,
    refused: async (address, way) => {
      count(way);
      const sofar = attempts.count(address);
      log.warn({ address, way, wrongThisMinute: sofar }, "a wrong token");
      await wait(Math.min(WAIT_MS.first * 2 ** (sofar - 1), WAIT_MS.most));
    },
  };
}
