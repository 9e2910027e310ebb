import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "#lib/store/db/database.ts";
import { takeLeadership, type LEADER_LOCK, type Leadership } from "#lib/store/db/leader-lock.ts";
import type { Logger } from "#lib/telemetry/log.ts";

/** How soon another tap takes over from one that died. */
const TRY_EVERY_MS = 2000;
const BACKOFF_MS = { first: 1000, last: 30_000 } as const;

export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

export interface LeadingOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly lock: { readonly kind: keyof typeof LEADER_LOCK; readonly id: number };
}

/**
 * Does the work in turns while this process holds the lock: `open` once after taking it, then the turn it answers with
 * again and again, each said to be due so many ms after the last. Outlives outages: a failed turn gives the lock back
 * and is tried again, ever later.
 */
export async function whileLeading(
  { database, log, signal, lock }: LeadingOptions,
  open: (lead: Leadership) => Promise<() => Promise<number>>,
): Promise<void> {
  let backoffMs: number = BACKOFF_MS.first;
  while (!signal.aborted) {
    let waitMs = TRY_EVERY_MS;
    let lead: Leadership | null = null;
    try {
      lead = await takeLeadership(database, lock.kind, lock.id);
      if (lead !== null) {
        const stop = AbortSignal.any([signal, lead.lost]);
        const turn = await open(lead);
        while (!stop.aborted) {
          const nextMs = await turn();
          backoffMs = BACKOFF_MS.first;
          await pause(nextMs, stop);
        }
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error, work: lock.kind }, "held up; trying again");
      waitMs = backoffMs;
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.last);
    } finally {
      await lead?.release().catch(() => undefined);
    }
    await pause(waitMs, signal);
  }
}
