/** What is remembered of one group on one partition from one look to the next. */
import { addCommit, type CommitRing } from "#lib/domain/health/log/judge.ts";
import { isBeyondReach, rewindOf } from "#lib/domain/health/log/jump.ts";
import { addDone, type Pace } from "#lib/domain/health/log/pace.ts";
import type { Rewind, Skip } from "#lib/domain/health/log/situation.ts";
import type { PartitionEvaluation } from "#lib/store/groups/evaluations-write.ts";
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
  /** as read last, and at which look */
  row: PartitionStateRow;
  lastRead: number;
  ring: CommitRing;
  /** the offset committed last */
  last: bigint | null;
  pace: Pace;
  /** committed and end as of the last look, for the pace */
  paced: { readonly committed: bigint | null; readonly end: bigint } | null;
  head: HeadTime | null;
  /** since when something waits at this offset, as far as seen */
  waiting: { readonly committed: bigint; readonly sinceMs: number } | null;
  askedAtMs: number;
  caughtUpAtMs: number | null;
  /** where it stood before it last moved on */
  previous: bigint | null;
  rewind: Rewind | null;
  skip: Skip | null;
  /** what was last written of it, and when */
  written: { readonly evaluation: PartitionEvaluation; readonly atMs: number } | null;
}

const NO_COMMITS: CommitRing = [];
const NO_PACE: Pace = [];

export const newPartitionState = (row: PartitionStateRow, lastLook: number): PartitionState => ({
  row,
  lastRead: lastLook,
  ring: NO_COMMITS,
  last: null,
  pace: NO_PACE,
  paced: null,
  head: null,
  waiting: null,
  askedAtMs: 0,
  caughtUpAtMs: null,
  previous: null,
  rewind: null,
  skip: null,
  written: null,
});

/**
 * Takes a commit in; answers how it jumped, if it did: back, forward, or forward beyond what could have been consumed.
 */
export function applyCommit(
  memory: PartitionState,
  commit: { readonly offset: bigint; readonly atMs: number; readonly lagMessages: bigint | null },
): { readonly kind: "back" | "forward" | "beyond"; readonly jump: Jump } | null {
  const before = memory.last;
  const isBeyond = isBeyondReach(memory.ring, commit);
  memory.ring = addCommit(memory.ring, commit, MIN_DISTANCE_MS);
  memory.last = commit.offset;
  if (before === null || commit.offset === before) return null;
  const jump = { from: before, to: commit.offset, atMs: commit.atMs };
  if (commit.offset > before) {
    memory.previous = before;
    // What was consumed before it was set back is not left out when it is set forward over it.
    const consumed = memory.rewind !== null && memory.rewind.from > before ? memory.rewind.from : before;
    return commit.offset <= consumed
      ? null
      : { kind: isBeyond ? "beyond" : "forward", jump: { ...jump, from: consumed } };
  }
  const isReturn = commit.offset === memory.previous && memory.skip === null;
  // Set back again over what was left out: nothing is left out any more.
  if (memory.skip !== null && commit.offset < memory.skip.to) memory.skip = null;
  memory.rewind = rewindOf(memory.rewind, before, commit.offset, commit.atMs, isReturn);
  return { kind: "back", jump };
}

/** What was left out was not consumed: it does not count in the pace. */
export function applySkip(memory: PartitionState, jump: Jump): void {
  memory.skip = {
    from: memory.skip !== null && memory.skip.to === jump.from ? memory.skip.from : jump.from,
    to: jump.to,
    atMs: jump.atMs,
  };
  if (memory.paced !== null && (memory.paced.committed === null || jump.to > memory.paced.committed))
    memory.paced = { ...memory.paced, committed: jump.to };
}

/** Takes a look in. */
export function applyPoll(memory: PartitionState, committed: bigint | null, end: bigint, nowMs: number): void {
  const before = memory.paced;
  // A commit that went back consumes nothing.
  const done =
    before === null
      ? { written: 0, consumed: 0 }
      : {
          written: Math.max(0, Number(end - before.end)),
          consumed:
            committed === null || before.committed === null ? 0 : Math.max(0, Number(committed - before.committed)),
        };
  memory.paced = { committed, end };
  memory.pace = addDone(memory.pace, done.written, done.consumed, nowMs);
  if (
    memory.rewind !== null &&
    committed !== null &&
    committed >= memory.rewind.from &&
    nowMs - memory.rewind.atMs > RETURNS_WITHIN_MS
  )
    memory.rewind = null;
  if (memory.skip !== null && nowMs - memory.skip.atMs > SKIP_KEPT_MS) memory.skip = null;
}

/** The usual time between two of its commits, which the ring holds no closer than its distance; null: not known. */
export function commitEveryMs(ring: CommitRing): number | null {
  const first = ring[0];
  const last = ring.at(-1);
  return first === undefined || last === undefined || ring.length < 3
    ? null
    : (last.atMs - first.atMs) / (ring.length - 1);
}
