/** What makes a partition's numbers less than they seem. */
export const LAG_FLAGS = ["lost", "beyond_end", "transaction", "compacted", "clock_ahead"] as const;
export type LagFlag = (typeof LAG_FLAGS)[number];

/** How far a clock may run ahead before that is said. */
const CLOCK_AHEAD_MS = 1000;

export interface FlagFacts {
  readonly committedOffset: bigint;
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  readonly lostMessages: bigint;
  /** nothing that a reader of committed events may read waits before the last stable offset */
  readonly waitsForTransaction: boolean;
  /** the first event at or after the committed offset, as the log holds it now; null: not known */
  readonly head: { readonly offset: bigint; readonly atMs: number; readonly isFromLog: boolean } | null;
  readonly isCompacted: boolean;
  readonly nowMs: number;
}

/** The gravest of what is to be said beside a partition's numbers; null: they are what they seem. */
export function flagOf(facts: FlagFacts): LagFlag | null {
  if (facts.lostMessages > 0n) return "lost";
  if (facts.committedOffset > facts.endOffset) return "beyond_end";
  if (facts.waitsForTransaction) return "transaction";
  const { head } = facts;
  if (head === null) return null;
  // Between the offset and the first event that is left others were: the wait is that of what is left.
  if (facts.isCompacted && head.isFromLog && head.offset > facts.committedOffset) return "compacted";
  return head.atMs > facts.nowMs + CLOCK_AHEAD_MS ? "clock_ahead" : null;
}
