import { worstVerdict, type Verdict } from "../verdict.ts";

/** How many commits a verdict looks back on (Burrow's `intervals`). */
export const RING_SIZE = 10;

export interface RingCommit {
  readonly offset: bigint;
  readonly atMs: number;
  /** messages behind the log's end at that moment; null: the end was not known */
  readonly lagMessages: bigint | null;
}

/** The last commits of one group on one partition, oldest first, at most RING_SIZE. */
export type CommitRing = readonly RingCommit[];

/**
 * Adds a commit. One that comes sooner than `minDistanceMs` after the last replaces it and keeps its time, so that a
 * group that commits after every event is judged over the same span as one that commits every few seconds.
 * (Burrow, inmemory.go)
 */
export function addCommit(ring: CommitRing, commit: RingCommit, minDistanceMs: number): CommitRing {
  const last = ring.at(-1);
  if (last !== undefined && commit.atMs - last.atMs < minDistanceMs)
    return [...ring.slice(0, -1), { ...commit, atMs: last.atMs }];
  return [...ring.slice(-(RING_SIZE - 1)), commit];
}

export interface PartitionProgress {
  readonly ring: CommitRing;
  /** the log's end as polled recently, oldest first */
  readonly endOffsets: readonly bigint[];
  readonly nowMs: number;
  readonly allowedLagMessages: bigint;
  /** no shorter silence counts as stopped, however short the ring is; Burrow's is 0 */
  readonly stoppedAfterMs?: number;
}

export interface PartitionVerdict {
  readonly verdict: Exclude<Verdict, "unknown">;
  /** how full the ring was, 0–1 */
  readonly evidence: number;
}

/**
 * Judges one partition of one group by the rules of LinkedIn's Burrow (core/internal/evaluator/caching.go): stopped,
 * rewound, stalled and warning, in that order, from the last commits alone. The only threshold is the lag allowed.
 */
export function judgePartition({
  ring,
  endOffsets,
  nowMs,
  allowedLagMessages,
  stoppedAfterMs = 0,
}: PartitionProgress): PartitionVerdict {
  const evidence = ring.length / RING_SIZE;
  const answer = (verdict: PartitionVerdict["verdict"]): PartitionVerdict => ({ verdict, evidence });
  const first = ring[0];
  const last = ring.at(-1);
  if (first === undefined || last === undefined) return answer("ok");

  const end = endOffsets.at(-1);
  const currentLag = end === undefined || end <= last.offset ? 0n : end - last.offset;
  if (currentLag <= allowedLagMessages) return answer("ok");

  const wasAtEndRecently = endOffsets.some((offset) => offset <= last.offset);
  if (nowMs - last.atMs > Math.max(last.atMs - first.atMs, stoppedAfterMs) && !wasAtEndRecently)
    return answer("stopped");
  if (isRewound(ring)) return answer("rewound");

  const lags = ring.flatMap((commit) => (commit.lagMessages === null ? [] : [commit.lagMessages]));
  // Burrow knows the lag of every commit. After a restart Flowtap does not, so half of them must be known.
  if (lags.length > ring.length / 2 && lags.every((lag) => lag > allowedLagMessages)) {
    if (ring.every((commit) => commit.offset === first.offset)) return answer("stalled");
    if (lags.every((lag, i) => i === 0 || lag >= (lags[i - 1] ?? 0n))) return answer("warning");
  }
  return answer("ok");
}

function isRewound(ring: CommitRing): boolean {
  const fell = ring.findIndex((commit, i) => i > 0 && commit.offset < (ring[i - 1]?.offset ?? 0n));
  if (fell < 0) return false;
  const before = ring[fell - 1]?.offset ?? 0n;
  return !ring.slice(fell).some((commit) => commit.offset >= before);
}

/** A group has the verdict of its worst partition; the evidence is the share of its partitions with a full ring. */
export function judgeGroup(partitions: readonly PartitionVerdict[]): {
  readonly verdict: Verdict;
  readonly evidence: number;
} {
  if (partitions.length === 0) return { verdict: "unknown", evidence: 0 };
  return {
    verdict: worstVerdict(partitions.map((partition) => partition.verdict)),
    evidence: partitions.filter((partition) => partition.evidence === 1).length / partitions.length,
  };
}
