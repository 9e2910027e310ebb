/** All that the rules for causes may look at, of one group at one moment. */
import type { Pace } from "./pace.ts";
import type { Verdict } from "../verdict.ts";

/** A commit that went back: what was consumed is consumed again. */
export interface Rewind {
  /** the highest offset committed before, and the offset it went back to */
  readonly from: bigint;
  readonly to: bigint;
  readonly atMs: number;
  /**
   * how often it went back to that very offset, and the shortest time between two of these (not all are seen); null:
   * it was the first
   */
  readonly times: number;
  readonly afterMs: number | null;
  /**
   * it went back to where it had stood a commit before: its reader did not get past that, rather than anybody
   * setting it back
   */
  readonly isReturn: boolean;
}

/** A commit that left out what it cannot have consumed. */
export interface Skip {
  readonly from: bigint;
  readonly to: bigint;
  readonly atMs: number;
}

/**
 * Where the last stable offset stands still below the end, and whose transaction holds it there, as far as
 * the broker tells.
 */
export interface HeldByTransaction {
  readonly sinceMs: number;
  readonly producerId: string | null;
  readonly transactionalId: string | null;
  readonly startedAtMs: number | null;
}

export interface PartitionSituation {
  readonly topic: string;
  readonly partition: number;
  /** null: assigned, never committed */
  readonly committedOffset: bigint | null;
  readonly committedAtMs: number | null;
  /** when the committed offset last changed */
  readonly movedAtMs: number | null;
  readonly endOffset: bigint;
  readonly lastStableOffset: bigint;
  readonly logStartOffset: bigint;
  /** what waits; of a partition without a commit what came since it was assigned */
  readonly lagMessages: bigint;
  readonly lostMessages: bigint;
  /** nothing that a reader of committed events may read waits before the last stable offset */
  readonly waitsForTransaction: boolean;
  /** how long the first waiting event waits, at least; null: not known */
  readonly timeLagMs: number | null;
  readonly verdict: Verdict;
  readonly pace: Pace;
  /** the usual time between two of its commits; null: not known */
  readonly commitEveryMs: number | null;
  /** when it was last seen with hardly anything waiting; null: not since it is watched */
  readonly caughtUpAtMs: number | null;
  readonly memberId: string | null;
  readonly hasLeader: boolean;
  readonly pinned: HeldByTransaction | null;
  readonly rewind: Rewind | null;
  readonly skip: Skip | null;
}

export interface TopicSituation {
  readonly topic: string;
  readonly partitionCount: number;
}

/** A partition of a topic that the group reads or subscribes to, which nobody of it reads. */
export interface UnassignedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly sinceMs: number;
  readonly waitingMessages: bigint;
  /** nobody has any partition of the topic */
  readonly isWholeTopic: boolean;
}

export interface GroupMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
}

export interface GroupEvent {
  readonly kind: "rebalance" | "joined" | "left" | "deploy" | "emptied";
  readonly atMs: number;
  /** of joined and left */
  readonly clientId: string | null;
  /** how many of the same kind at once */
  readonly times: number;
}

export interface GroupSituation {
  readonly group: string;
  readonly protocol: "classic" | "consumer" | "share" | "streams" | "simple" | "unknown";
  readonly state: string;
  /** why its coordinator, or the whole cluster, does not tell of it, and since when; null: they do */
  readonly brokerFault: { readonly reason: string; readonly sinceMs: number } | null;
  readonly members: readonly GroupMember[];
  readonly emptySinceMs: number | null;
  readonly lastLeft: (GroupMember & { readonly atMs: number }) | null;
  /** of the last minutes, oldest first */
  readonly events: readonly GroupEvent[];
  readonly partitions: readonly PartitionSituation[];
  readonly topics: readonly TopicSituation[];
  readonly unread: readonly UnassignedPartition[];
  readonly allowedLagMessages: bigint;
  /** since when the broker and the commits are known without a gap: nobody is accused of standing still before */
  readonly knownSinceMs: number;
  readonly nowMs: number;
}

/** Events that wait for less than this are on their way, not stuck: no verdict and no cause is held against them. */
export const WAIT_FLOOR_MS = 10_000;

/** Whether more waits than is allowed, for longer than what is on its way. */
export function hasWaiting(at: PartitionSituation, allowedLagMessages: bigint): boolean {
  return at.lagMessages > allowedLagMessages && (at.timeLagMs ?? 0) >= WAIT_FLOOR_MS;
}
