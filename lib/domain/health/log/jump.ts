import type { CommitRing } from "./judge.ts";
import type { Rewind } from "./situation.ts";

/** No consumer reads faster than this from one partition, in messages a second. */
const FASTEST = 50_000;
const LEAST_JUMP = 10_000n;
const TIMES_ITS_PACE = 20;
const COMMITS_UNDER_LAG = 3;

/**
 * Whether a commit jumps over more than can have been consumed since the one before. It must lie far beyond the pace
 * the group has shown while events waited, so that a group that catches up fast does not count as one that skips
 * events.
 */
export function isBeyondReach(ring: CommitRing, commit: { readonly offset: bigint; readonly atMs: number }): boolean {
  const last = ring.at(-1);
  if (last === undefined || commit.offset - last.offset < LEAST_JUMP) return false;
  const underLag = ring.filter(
    (one, i) => (one.lagMessages ?? 0n) > 0n && i > 0 && one.offset > (ring[i - 1]?.offset ?? one.offset),
  );
  const first = underLag[0];
  const newest = underLag.at(-1);
  if (first === undefined || newest === undefined || underLag.length < COMMITS_UNDER_LAG || newest.atMs <= first.atMs)
    return false;
  const perSecond = (Number(newest.offset - first.offset) * 1000) / (newest.atMs - first.atMs);
  const seconds = Math.max(1, (commit.atMs - last.atMs) / 1000);
  return Number(commit.offset - last.offset) > seconds * Math.max(FASTEST, TIMES_ITS_PACE * perSecond);
}

/** The record of a commit that went back; one that returns to the same offset as the one before is counted. */
export function rewindOf(before: Rewind | null, from: bigint, to: bigint, atMs: number, isReturn: boolean): Rewind {
  const isSame = before !== null && before.to === to;
  const afterMs = isSame ? Math.min(before.afterMs ?? Infinity, atMs - before.atMs) : null;
  return {
    from: before !== null && before.from > from ? before.from : from,
    to,
    atMs,
    times: isSame ? before.times + 1 : 1,
    afterMs,
    isReturn,
  };
}
