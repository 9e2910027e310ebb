/** How often a group commits on one partition, by its last commits. */
import type { CommitRing } from "./judge.ts";

/** The mean time between two commits of the ring; null: not known. */
export function commitEveryMs(ring: CommitRing): number | null {
  const first = ring[0];
  const last = ring.at(-1);
  return first === undefined || last === undefined || ring.length < 3
    ? null
    : (last.atMs - first.atMs) / (ring.length - 1);
}

/** The next commit may take that much longer than the slowest of the last ones. */
const TIMES_SLOWEST = 1.5;
/** A consumer of Kafka that does not poll for five minutes is put out of its group (`max.poll.interval.ms`). */
const MOST_MS = 300_000;

/**
 * How long a commit may take by the slowest of the ring while events waited: a consumer that needs a minute or two for
 * a batch is slow, and has not stopped. Null: no commit was made while events waited.
 */
export function slowestCommitMs(ring: CommitRing): number | null {
  let slowestMs = 0;
  for (let i = 1; i < ring.length; i++) {
    const [before, commit] = [ring[i - 1], ring[i]];
    if (before === undefined || commit === undefined || before.lagMessages === 0n) continue;
    if (commit.offset > before.offset) slowestMs = Math.max(slowestMs, commit.atMs - before.atMs);
  }
  return slowestMs === 0 ? null : Math.min(MOST_MS, TIMES_SLOWEST * slowestMs);
}
