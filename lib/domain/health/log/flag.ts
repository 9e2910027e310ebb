/** Why a partition's lag may mean less than its numbers suggest; the most serious first. */
export const LAG_FLAGS = ["unsubscribed", "lost", "beyond_end", "transaction", "compacted", "clock_ahead"] as const;
export type LagFlag = (typeof LAG_FLAGS)[number];

/** How far a producer's clock may run ahead of the broker's before it is flagged. */
const CLOCK_AHEAD_MS = 1000;

export interface FlagFacts {
  readonly committedOffset: bigint;
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  readonly lostMessages: bigint;
  /** everything before the last stable offset is consumed, and what lies behind it cannot be read yet */
  readonly waitsForTransaction: boolean;
  /** the first event at or after the committed offset, as the log holds it now; null: not known */
  readonly head: { readonly offset: bigint; readonly atMs: number; readonly isFromLog: boolean } | null;
  readonly isCompacted: boolean;
  readonly nowMs: number;
}

/** The most serious flag that holds; null: the numbers mean what they say. */
export function flagOf(facts: FlagFacts): LagFlag | null {
  if (facts.lostMessages > 0n) return "lost";
  if (facts.committedOffset > facts.endOffset) return "beyond_end";
  if (facts.waitsForTransaction) return "transaction";
  const { head } = facts;
  if (head === null) return null;
  // Compaction removed events between the committed offset and the first one left, so the lag counts too many.
  if (facts.isCompacted && head.isFromLog && head.offset > facts.committedOffset) return "compacted";
  return head.atMs > facts.nowMs + CLOCK_AHEAD_MS ? "clock_ahead" : null;
}
