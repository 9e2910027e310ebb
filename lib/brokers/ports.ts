/** What Flowtap asks of any broker. One folder per broker implements it; everything else speaks only of these. */
import type { Headers } from "#lib/domain/message/headers.ts";

export interface TapRecord {
  readonly offset: bigint;
  /** the broker's record timestamp; any 64-bit value, as a number */
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
  /** why nothing of this record but its offset could be read; its other fields then say nothing */
  readonly unreadable?: string;
}

/**
 * A run of records of one partition, in order. `nextOffset` is where reading goes on: past the last record and any
 * control records behind it.
 */
export interface TapBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly TapRecord[];
  readonly nextOffset: bigint;
  readonly endOffset: bigint;
}

export interface PartitionRef {
  readonly topic: string;
  readonly partition: number;
}

export interface TapHandlers {
  /** where to begin, asked at each assignment; one answer per partition, in order */
  positionsOf(partitions: readonly PartitionRef[]): Promise<readonly bigint[]>;
  onBatch(batch: TapBatch): Promise<void>;
  /** records from `from` up to `to` were gone before they could be read; reading goes on at `to` */
  onGap(partition: PartitionRef, from: bigint, to: bigint): void;
  /** partitions may go to another tap: drop what is buffered */
  onRevoked(): void;
  /** reading has begun, or goes on after a fault */
  onReading(): void;
  /** reading has stopped; it is tried again by itself */
  onFault(error: Error): void;
}

/**
 * Reads every assigned partition. Records are handed over in order per partition; the returned promise is
 * the back-pressure.
 */
export interface Tap {
  start(handlers: TapHandlers): void;
  /** reads exactly these topics from now on */
  setTopics(topics: readonly string[]): void;
  /** reads this partition again from the given offset */
  seek(partition: PartitionRef, offset: bigint): void;
  stop(): Promise<void>;
}

export interface PartitionInfo {
  readonly partition: number;
  /** null: leaderless, nothing of it can be read or written */
  readonly leader: number | null;
  readonly replicas: number;
  readonly inSync: number;
  readonly offlineReplicas: number;
}

export interface TopicInfo {
  readonly topic: string;
  readonly partitions: readonly PartitionInfo[];
  readonly replication: number;
}

export interface TopicSettings {
  readonly cleanupPolicy: string | null;
  readonly retentionMs: bigint | null;
  readonly retentionBytes: bigint | null;
  /** of one batch of records, compressed; null: not told */
  readonly maxMessageBytes: number | null;
}

export interface PartitionLogOffsets extends PartitionRef {
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  readonly lastStableOffset: bigint;
}

export interface GroupMemberInfo {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly PartitionRef[];
  /** what it is to have once the group has settled; null: its protocol does not tell */
  readonly targetAssignment: readonly PartitionRef[] | null;
  /** of the group's epochs the one the member has reached; null: its protocol has none */
  readonly epoch: number | null;
}

export interface GroupInfo {
  readonly group: string;
  readonly protocol: "classic" | "consumer" | "share" | "streams" | "simple" | "unknown";
  readonly state: "stable" | "empty" | "rebalancing" | "dead" | "unknown";
  readonly coordinator: string | null;
  /**
   * consumer, share and streams groups: the group's epoch. null: not told; a classic group's generation only its
   * commit log tells
   */
  readonly generation: number | null;
  readonly members: readonly GroupMemberInfo[];
  /** the topics its members subscribe to, as far as they tell */
  readonly subscription: readonly string[];
  /** why its coordinator could not tell of it: then the rest is only what is remembered of the group, or its name */
  readonly fault: string | null;
}

export interface GroupList {
  readonly groups: readonly Pick<GroupInfo, "group" | "protocol" | "state" | "coordinator">[];
  /** why a group that is not listed may be there all the same; null: there is no such group */
  readonly whyUnlisted: (group: string) => string | null;
}

export interface CommittedOffset extends PartitionRef {
  readonly group: string;
  readonly offset: bigint;
}

/** The transaction that keeps a partition's last stable offset where it is. */
export interface OpenTransaction {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** null: the coordinator does not tell, or may not be asked */
  readonly transactionalId: string | null;
  readonly startedAtMs: number;
}

/**
 * Reads the broker's state in few, batched requests. Every call may reject with an Error that says what
 * the broker said.
 */
export interface Inspector {
  clusterId(): Promise<string | null>;
  topics(): Promise<TopicInfo[]>;
  settings(topics: readonly string[]): Promise<Map<string, TopicSettings>>;
  logOffsets(partitions: readonly PartitionRef[]): Promise<PartitionLogOffsets[]>;
  listGroups(): Promise<GroupList>;
  /** one answer per group that is there, or may be */
  groups(names: readonly string[]): Promise<GroupInfo[]>;
  committed(groups: readonly string[]): Promise<CommittedOffset[]>;
  /** first offset at or after the time, per partition; the end offset where there is none */
  offsetsAt(partitions: readonly PartitionRef[], timeMs: number): Promise<Map<string, bigint>>;
  /** which transactions begin at these last stable offsets; partitions of which that is not known are left out */
  openTransactions(
    partitions: readonly (PartitionRef & { readonly lastStableOffset: bigint })[],
  ): Promise<Map<string, OpenTransaction>>;
  /** bytes on the disks of their leaders, by partition; what may not be asked is left out */
  logSizes(topics: readonly string[]): Promise<Map<string, bigint>>;
  /** rejects with GroupNotEmptyError when the group has members */
  resetOffsets(
    group: string,
    offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[],
  ): Promise<void>;
  /** With the broker's own settings; one that is there already is left as it is. */
  createTopic(topic: string, partitions: number): Promise<void>;
  close(): Promise<void>;
}

/** The group has members, or had when the broker looked: only an empty one's offsets can be set. */
export class GroupNotEmptyError extends Error {
  override readonly name = "GroupNotEmptyError";
}

/** What was asked for does not lie in the log: retention has taken it, or it is not written yet. */
export class OffsetOutOfRangeError extends Error {
  override readonly name = "OffsetOutOfRangeError";
}

/**
 * Reads single stretches of a partition without joining any group: committed records only. Fewer than `maxRecords` come
 * back at the end of what is committed, or when bytes or time run out; `nextOffset` is where to go on. Rejects with
 * OffsetOutOfRangeError.
 */
export interface Reader {
  read(
    partition: PartitionRef,
    from: bigint,
    limits: { readonly maxRecords: number; readonly maxBytes: number; readonly timeoutMs: number },
  ): Promise<{ readonly records: TapRecord[]; readonly nextOffset: bigint }>;
  close(): Promise<void>;
}

export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}

/** The broker will not take these records, however often they are sent; the message is the broker's own. */
export class RecordsRefusedError extends Error {
  override readonly name = "RecordsRefusedError";
  /** what is wrong lies in a record; otherwise any record would meet the same refusal */
  readonly forTheirContent: boolean;
  constructor(message: string, options: ErrorOptions & { readonly forTheirContent: boolean }) {
    super(message, options);
    this.forTheirContent = options.forTheirContent;
  }
}

/**
 * Writes records in transactions: all of a batch become visible, or none. Opening a publisher ends what an earlier one
 * of the same id left open, and fences it off: nothing of it can become visible afterwards. After a rejection other
 * than RecordsRefusedError it is not known whether the batch became visible, and the publisher is done for.
 */
export interface Publisher {
  /** where each record went, in their order */
  publish(records: readonly OutgoingRecord[]): Promise<{ readonly partition: number; readonly offset: bigint }[]>;
  close(): Promise<void>;
}
