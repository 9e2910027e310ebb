/** What is remembered of one group partition from one cycle to the next. */
import { addCommit, type CommitRing } from "#lib/domain/health/log/judge.ts";
import { isBeyondReach, rewindOf } from "#lib/domain/health/log/jump.ts";
import { addDone, type Pace } from "#lib/domain/health/log/pace.ts";
import type { Rewind, Skip } from "#lib/domain/health/log/situation.ts";
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import type { PartitionStateRow } from "#lib/store/groups/states-read.ts";
import type { HeadTime } from "./head-time.ts";
import { MIN_DISTANCE_MS } from "./log-ends.ts";

const RETURNS_WITHIN_MS = 90_000;
const SKIP_KEPT_MS = 600_000;

export interface Jump {
  readonly from: bigint;
  readonly to: bigint;
  readonly atMs: number;
}

export interface PartitionState {
  /** as read last, and the number of that read */
  row: PartitionStateRow;
  lastRead: number;
  ring: CommitRing;
  /** the offset committed last */
  last: bigint | null;
  pace: Pace;
  /** the committed and end offsets of the last cycle, from which the pace is measured */
  paced: { readonly committed: bigint | null; readonly end: bigint } | null;
  head: HeadTime | null;
  /** since when something waits at this offset, as far as observed */
  waiting: { readonly committed: bigint; readonly sinceMs: number } | null;
  /** when the time of its first waiting event was last asked for */
  askedAtMs: number;
  caughtUpAtMs: number | null;
  /** when everything that waited was held back by an open transaction last */
  heldAtMs: number | null;
  /** the committed offset before it last moved forward */
  previous: bigint | null;
  rewind: Rewind | null;
  skip: Skip | null;
  /** the evaluation written last, and when */
  written: { readonly evaluation: PartitionEvaluation; readonly atMs: number } | null;
}

const NO_COMMITS: CommitRing = [];
const NO_PACE: Pace = [];

export const newPartitionState = (row: PartitionStateRow, lastRead: number): PartitionState => ({
  row,
  lastRead,
  ring: NO_COMMITS,
  last: null,
  pace: NO_PACE,
  paced: null,
  head: null,
  waiting: null,
  askedAtMs: 0,
  caughtUpAtMs: null,
  heldAtMs: null,
  previous: null,
  rewind: null,
  skip: null,
  written: null,
});

/**
 * Applies a commit. Answers how it jumped, if it did: back, forward, or forward beyond what could have been consumed.
 */
export function applyCommit(
  state: PartitionState,
  commit: { readonly offset: bigint; readonly atMs: number; readonly lagMessages: bigint | null },
): { readonly kind: "back" | "forward" | "beyond"; readonly jump: Jump } | null {
  const before = state.last;
  const isBeyond = isBeyondReach(state.ring, commit);
  state.ring = addCommit(state.ring, commit, MIN_DISTANCE_MS);
  state.last = commit.offset;
  if (before === null || commit.offset === before) return null;
  const jump = { from: before, to: commit.offset, atMs: commit.atMs };
  if (commit.offset > before) {
    state.previous = before;
    // Events that were consumed before the group was set back are not skipped when it is set forward over them.
    const consumed = state.rewind !== null && state.rewind.from > before ? state.rewind.from : before;
    return commit.offset <= consumed
      ? null
      : { kind: isBeyond ? "beyond" : "forward", jump: { ...jump, from: consumed } };
  }
  const isReturn = commit.offset === state.previous && state.skip === null;
  // Set back again over the skipped events: they are not skipped any more.
  if (state.skip !== null && commit.offset < state.skip.to) state.skip = null;
  state.rewind = rewindOf(state.rewind, before, commit.offset, commit.atMs, isReturn);
  return { kind: "back", jump };
}

/** Skipped events were not consumed: they do not count in the pace. */
export function applySkip(state: PartitionState, jump: Jump): void {
  state.skip = {
    from: state.skip !== null && state.skip.to === jump.from ? state.skip.from : jump.from,
    to: jump.to,
    atMs: jump.atMs,
  };
  if (state.paced !== null && (state.paced.committed === null || jump.to > state.paced.committed))
    state.paced = { ...state.paced, committed: jump.to };
}

/** Applies the offsets of one cycle. */
export function applyPoll(state: PartitionState, committed: bigint | null, end: bigint, nowMs: number): void {
  const before = state.paced;
  // A commit that goes back consumes nothing.
  const done =
    before === null
      ? { written: 0, consumed: 0 }
      : {
          written: Math.max(0, Number(end - before.end)),
          consumed:
            committed === null || before.committed === null ? 0 : Math.max(0, Number(committed - before.committed)),
        };
  state.paced = { committed, end };
  state.pace = addDone(state.pace, done.written, done.consumed, nowMs);
  if (
    state.rewind !== null &&
    committed !== null &&
    committed >= state.rewind.from &&
    nowMs - state.rewind.atMs > RETURNS_WITHIN_MS
  )
    state.rewind = null;
  if (state.skip !== null && nowMs - state.skip.atMs > SKIP_KEPT_MS) state.skip = null;
}

/** For how long something has waited at this committed offset, as far as observed, in ms. */
export function applyLag(state: PartitionState, committed: bigint, lag: bigint, nowMs: number): number {
  if (lag === 0n) state.waiting = null;
  else if (state.waiting?.committed !== committed) state.waiting = { committed, sinceMs: nowMs };
  return state.waiting === null ? 0 : nowMs - state.waiting.sinceMs;
}
