/** All that the rules for causes may use, of one group at one moment. */
import type { GroupEventKind, GroupProtocol, GroupState } from "../group.ts";
import type { Verdict } from "../verdict.ts";
import type { Pace } from "./pace.ts";

/** A commit that went back, so that events are consumed again. */
export interface Rewind {
  /** the highest offset committed before, and the offset it went back to */
  readonly from: bigint;
  readonly to: bigint;
  readonly atMs: number;
  /** how often commits went back to this offset, as far as they were polled */
  readonly times: number;
  /** the shortest time between two of these; null: it was the first */
  readonly afterMs: number | null;
  /** it went back to the offset of the commit before: the consumer failed there; it was not set back by a person */
  readonly isReturn: boolean;
}

/** A commit that jumped over more events than can have been consumed. */
export interface Skip {
  readonly from: bigint;
  readonly to: bigint;
  readonly atMs: number;
}

/** The transaction that holds the last stable offset below the end of the log, as far as the broker names it. */
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
  /** events that wait; without a commit, those that arrived since the partition was assigned */
  readonly lagMessages: bigint;
  readonly lostMessages: bigint;
  /** everything before the last stable offset is consumed, and what lies behind it cannot be read yet */
  readonly waitsForTransaction: boolean;
  /** when it waited for a transaction last; null: not since it is watched */
  readonly heldAtMs: number | null;
  /** how long the first waiting event waits, at least; null: not known */
  readonly timeLagMs: number | null;
  readonly verdict: Verdict;
  readonly pace: Pace;
  /** the usual time between two of its commits; null: not known */
  readonly commitEveryMs: number | null;
  /** how long the slowest of its last commits took while events waited, with something to spare; null: not known */
  readonly slowestCommitMs: number | null;
  /** when hardly anything waited last; null: not since it is watched */
  readonly caughtUpAtMs: number | null;
  readonly memberId: string | null;
  readonly hasLeader: boolean;
  readonly heldByTransaction: HeldByTransaction | null;
  readonly rewind: Rewind | null;
  readonly skip: Skip | null;
}

export interface TopicSituation {
  readonly topic: string;
  readonly partitionCount: number;
}

/** A partition of a topic that the group consumes or subscribes to, assigned to none of its members. */
export interface UnassignedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly sinceMs: number;
  readonly waitingMessages: bigint;
  /** no member has any partition of the topic */
  readonly isWholeTopic: boolean;
}

export interface GroupMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
}

export interface GroupEvent {
  readonly kind: Exclude<GroupEventKind, "rewound" | "skipped">;
  readonly atMs: number;
  /** null unless the kind is joined or left */
  readonly clientId: string | null;
  /** how many events of the kind this one stands for */
  readonly times: number;
}

export interface GroupSituation {
  readonly group: string;
  readonly protocol: GroupProtocol;
  readonly state: GroupState;
  /** why the group's coordinator, or the whole cluster, does not answer, and since when; null: it answers */
  readonly brokerFault: { readonly reason: string; readonly sinceMs: number } | null;
  readonly members: readonly GroupMember[];
  readonly emptySinceMs: number | null;
  readonly lastLeft: (GroupMember & { readonly atMs: number }) | null;
  /** those of the last minutes, oldest first */
  readonly events: readonly GroupEvent[];
  readonly partitions: readonly PartitionSituation[];
  readonly topics: readonly TopicSituation[];
  readonly unassigned: readonly UnassignedPartition[];
  readonly allowedLagMessages: bigint;
  /** since when the broker and the commits are known without a gap; no standstill is counted from before this */
  readonly knownSinceMs: number;
  readonly nowMs: number;
}

/** Events that wait for less than this are on their way: they count for no verdict and no cause. */
export const WAIT_FLOOR_MS = 10_000;

/** Whether more events wait than is allowed, and for longer than events that are on their way. */
export function hasWaiting(at: PartitionSituation, allowedLagMessages: bigint): boolean {
  return at.lagMessages > allowedLagMessages && (at.timeLagMs ?? 0) >= WAIT_FLOOR_MS;
}
