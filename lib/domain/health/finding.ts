/**
 * What a rule finds: a cause with the evidence for it, as plain JSON. Offsets and counts of messages are decimal
 * strings, because they may exceed what a JSON number holds; moments are ISO 8601. words/ makes sentences from it.
 */
import type { Cause } from "./cause.ts";

export interface PartitionRef {
  readonly topic: string;
  readonly partition: number;
}

/** A commit that jumped from one offset to another. */
export interface OffsetJump extends PartitionRef {
  readonly from: string;
  readonly to: string;
  readonly at: string;
}

/** How it shows that a partition is stuck at one event rather than that its consumer has stopped. */
export const POISON_EVIDENCE = ["others_move", "others_idle", "commits_again", "goes_back"] as const;
export type PoisonEvidence = (typeof POISON_EVIDENCE)[number];

/** What is not consumed: a whole topic, some partitions, or partitions that are assigned but never committed. */
export const NOT_CONSUMING_KINDS = ["topic", "partitions", "never_committed"] as const;
export type NotConsumingKind = (typeof NOT_CONSUMING_KINDS)[number];

/** Lists hold at most this many partitions; `partitionCount` tells how many there are. */
export const PARTITIONS_LISTED = 100;

/** The evidence for each cause. A partition as text is `topic[3]`. */
export interface FindingData {
  readonly broker_trouble: {
    /** why the coordinator or the cluster does not answer; null: it answers, but partitions have no leader */
    readonly reason: string | null;
    readonly leaderless: readonly string[];
    readonly partitionCount: number;
  };
  readonly data_lost: {
    readonly lostMessages: string;
    /** where most was lost comes first */
    readonly partitions: readonly (PartitionRef & {
      readonly committedOffset: string;
      readonly logStartOffset: string;
    })[];
    readonly partitionCount: number;
  };
  readonly rebalance_loop: {
    readonly rebalances: number;
    readonly windowMs: number;
    /** members that joined and left in that time */
    readonly joined: number;
    readonly left: number;
    /** how often each client joined, the most frequent first; at most 20 */
    readonly byClient: Readonly<Record<string, number>>;
    readonly consumed: number;
  };
  readonly no_members: {
    readonly lagMessages: string;
    /** how long the oldest event waits; 0: not known */
    readonly timeLagMs: number;
    readonly emptySince: string;
    readonly lastLeft: {
      readonly memberId: string;
      readonly clientId: string;
      readonly host: string;
      readonly at: string;
    } | null;
    readonly lastCommitAt: string | null;
    /** its consumers assign partitions to themselves, so they are never members */
    readonly assignsItself: boolean;
  };
  readonly not_consuming: {
    readonly kind: NotConsumingKind;
    /** the topic of which no member has a partition; null unless `kind` is topic */
    readonly topic: string | null;
    readonly waitingMessages: string;
    readonly partitions: readonly string[];
    readonly partitionCount: number;
    readonly members: number;
  };
  readonly open_transaction: {
    readonly producerId: string | null;
    readonly transactionalId: string | null;
    readonly startedAt: string;
    readonly lastStableOffset: string;
    readonly endOffset: string;
    /** offsets behind the last stable ones, over all partitions */
    readonly offsetsBehind: string;
    readonly partitions: readonly string[];
  };
  readonly poison_event: {
    readonly offset: string;
    readonly shownBy: PoisonEvidence;
    /** how often the group went back to the offset; null unless `shownBy` is goes_back */
    readonly returns: number | null;
    readonly lagMessages: string;
    /** the one with the longest queue first */
    readonly partitions: readonly (PartitionRef & { readonly offset: string })[];
    /** partitions of the group that are not stuck */
    readonly otherPartitions: number;
    /** who reads the partition; null: not known */
    readonly memberId: string | null;
    readonly clientId: string | null;
    readonly host: string | null;
  };
  readonly hung_member: {
    /** those that hang; at most 50 */
    readonly members: readonly {
      readonly memberId: string;
      readonly clientId: string;
      readonly host: string;
      readonly partitions: readonly string[];
    }[];
    readonly hungCount: number;
    /** members of the group, hung or not */
    readonly memberCount: number;
    readonly partitionCount: number;
    readonly lagMessages: string;
  };
  readonly rewound: {
    readonly messages: string;
    /** of these, still to be consumed again */
    readonly left: string;
    readonly partitions: readonly OffsetJump[];
    readonly partitionCount: number;
  };
  readonly skipped_ahead: {
    readonly messages: string;
    readonly partitions: readonly OffsetJump[];
    readonly partitionCount: number;
  };
  readonly hot_partition: {
    /** the hot ones */
    readonly partitions: readonly (PartitionRef & { readonly offset: string; readonly lagMessages: string })[];
    readonly partitionCount: number;
    /** partitions of the topic that the group consumes, hot or not */
    readonly ofPartitions: number;
    /** percent of the topic's lag */
    readonly lagPercent: number;
    /** events per second, on the hot partitions */
    readonly inRate: number;
    readonly outRate: number;
    readonly othersKeepUp: boolean;
    /** the keys of most events that wait there, read from the index; empty: not looked up yet */
    readonly keys: readonly KeyShare[];
  };
  readonly too_slow: {
    readonly topic: string;
    /** events per second */
    readonly inRate: number;
    readonly outRate: number;
    /** how many times faster it would have to be; null: it hardly moves */
    readonly factor: number | null;
    readonly lagMessages: string;
    readonly members: number;
    readonly partitions: number;
  };
}

export interface KeyShare {
  readonly key: string;
  /** 0–1 of the events looked at */
  readonly share: number;
}

interface About {
  /** epoch ms since when it holds, as far as that is known */
  readonly sinceMs: number | null;
  /** the partition it is about, where it is one, and the offset that matters there */
  readonly at: (PartitionRef & { readonly offset: string | null }) | null;
}

/** What a rule answers. */
export type FindingOf<C extends Cause> = About & { readonly cause: C; readonly data: FindingData[C] };
export type Finding = { [C in Cause]: FindingOf<C> }[Cause];

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** A finding for people. */
export interface FindingWords {
  /** one sentence without a full stop */
  readonly sentence: string;
  /** the evidence in the order of its weight */
  readonly facts: readonly Fact[];
}

/**
 * A finding with its words, as it is stored. A row that another version of Flowtap stored may lack fields of `data`.
 */
export type ReportedFindingOf<C extends Cause> = About &
  FindingWords & { readonly cause: C; readonly data: Partial<FindingData[C]> };
export type ReportedFinding = { [C in Cause]: ReportedFindingOf<C> }[Cause];
