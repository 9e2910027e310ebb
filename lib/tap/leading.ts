import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "#lib/store/db/database.ts";
import type { BackgroundWork } from "#lib/domain/health/background-work.ts";
import { takeLeadership, type LEADER_LOCK, type Leadership } from "#lib/store/db/leader-lock.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { WorkNotes } from "./work-notes.ts";

/** How soon another tap takes over when the one that held the lock died. */
const TRY_EVERY_MS = 2000;
const BACKOFF_MS = { first: 1000, last: 30_000 } as const;

export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

export interface LeadingOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly lock: { readonly kind: keyof typeof LEADER_LOCK; readonly id: number };
  /** as what it is shown on the pages when it stands still */
  readonly work: BackgroundWork;
}

/** The cycle had to leave work undone; the lock is kept. */
export interface Waiting {
  readonly nextMs: number;
  readonly reason: string;
}

/**
 * Works in cycles while this process holds the lock. `open` is called once after the lock is taken; the function it
 * returns is one cycle, is called again and again, and returns how many ms later the next one is due. Outlives outages:
 * a cycle that fails gives the lock back, and taking it is tried again after a growing pause.
 */
export async function whileLeading(
  { database, log, signal, lock, work }: LeadingOptions,
  open: (lead: Leadership) => Promise<() => Promise<number | Waiting>>,
): Promise<void> {
  let backoffMs: number = BACKOFF_MS.first;
  const notes = new WorkNotes(database.pool, { kind: work, clusterId: lock.id });
  while (!signal.aborted) {
    let waitMs = TRY_EVERY_MS;
    let lead: Leadership | null = null;
    try {
      lead = await takeLeadership(database, lock.kind, lock.id);
      if (lead !== null) {
        const stop = AbortSignal.any([signal, lead.lost]);
        const cycle = await open(lead);
        while (!stop.aborted) {
          const next = await cycle();
          backoffMs = BACKOFF_MS.first;
          const nextMs = typeof next === "number" ? next : next.nextMs;
          await (typeof next === "number" ? notes.done(nextMs) : notes.heldUp(next.reason));
          await pause(nextMs, stop);
        }
      }
    } catch (error) {
      if (!signal.aborted) {
        log.warn({ err: error, work }, "held up; trying again");
        await notes.heldUp(error);
      }
      waitMs = backoffMs;
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.last);
    } finally {
      await lead?.release().catch(() => undefined);
    }
    await pause(waitMs, signal);
  }
}
