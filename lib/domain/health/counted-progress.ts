/**
 * The progress of a queue as two positions that only grow, from what its broker counts: how many messages are in it,
 * and how many its consumers have settled since the broker started. The two counts are taken at moments some seconds
 * apart, so that what one shows already, the other shows later: it must count once.
 */
export interface Counts {
  /** messages in the queue, those that consumers hold unsettled included */
  readonly waiting: number;
  /** since the broker started */
  readonly settled: number;
}

export interface CountedProgress {
  /** messages that have left the queue, in whatever way */
  readonly consumed: number;
  readonly waiting: number;
  /** null: not counted yet */
  readonly settled: number | null;
  /** settled at the last poll beyond what had left the queue: it came and went since, or leaves at the next poll */
  readonly toLeave: number;
  /** what has left the queue beyond what was settled: it is counted late, or was not settled at all */
  readonly toSettle: number;
  readonly toSettleSinceMs: number;
}

/** After this time what left the queue was not settled, but expired, or was dropped, purged or dead-lettered. */
const TO_SETTLE_FOR_MS = 15_000;

/** null: nothing was known before */
export const startOf = (before: { readonly consumed: bigint; readonly end: bigint } | null): CountedProgress => ({
  consumed: Number(before?.consumed ?? 0n),
  waiting: before === null ? 0 : Math.max(0, Number(before.end - before.consumed)),
  settled: null,
  toLeave: 0,
  toSettle: 0,
  toSettleSinceMs: 0,
});

export function nextProgress(known: CountedProgress, { waiting, settled }: Counts, nowMs: number): CountedProgress {
  const left = Math.max(0, known.waiting - waiting);
  // A smaller count is that of another run of the broker.
  const counted = known.settled === null || settled < known.settled ? 0 : settled - known.settled;
  const [more, less] = [Math.max(0, counted - left), Math.max(0, left - counted)];
  const leftLate = Math.min(known.toLeave, less);
  const toSettle = nowMs - known.toSettleSinceMs > TO_SETTLE_FOR_MS ? 0 : known.toSettle;
  const settledLate = Math.min(toSettle, more);
  const unsettled = less - leftLate;
  return {
    consumed: known.consumed + left + known.toLeave - leftLate,
    waiting,
    settled,
    toLeave: more - settledLate,
    toSettle: toSettle - settledLate + unsettled,
    toSettleSinceMs: unsettled > 0 ? nowMs : known.toSettleSinceMs,
  };
}
