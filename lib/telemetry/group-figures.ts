/** The figures of groups, partitions and topics that are exposed as metrics. */

export interface GroupFigures {
  readonly cluster: string;
  readonly group: string;
  readonly protocol: string;
  readonly state: string;
  readonly coordinator: string | null;
  readonly members: number;
  readonly verdict: string;
  readonly cause: string | null;
  readonly severity: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: bigint | null;
  readonly timeLagIsFloor: boolean;
  readonly inRate: number;
  readonly outRate: number;
  readonly catchUpSeconds: number | null;
  readonly dataLossSeconds: number | null;
  readonly lostMessages: bigint;
  readonly evaluatedAt: Date | null;
}

export interface PartitionFigures {
  readonly cluster: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly committedOffset: bigint | null;
  readonly lagMessages: bigint | null;
}

/** Of one topic of one group, over all its partitions. */

export interface TopicFigures {
  readonly cluster: string;
  readonly group: string;
  readonly topic: string;
  readonly lagMessages: bigint;
  readonly committedSum: bigint;
  readonly timeLagMs: bigint | null;
}

export interface GroupMetrics {
  readonly groups: readonly GroupFigures[];
  readonly topics: readonly TopicFigures[];
  readonly partitions: readonly PartitionFigures[];
  /** groups by cluster and verdict, all of them */
  readonly counts: readonly { readonly cluster: string; readonly verdict: string; readonly groups: number }[];
  readonly dropped: { readonly groups: number; readonly topics: number; readonly partitions: number };
}
