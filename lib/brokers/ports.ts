/** What Flowtap asks of any broker. One folder per broker implements it; everything else speaks only of these. */
import type { Headers } from "#lib/domain/message/headers.ts";

export interface TapRecord {
  readonly offset: bigint;
  /** the broker's record timestamp; any 64-bit value, as a number */
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}

/** A run of records of one partition, in order. `nextOffset` is where reading goes on: past the last record and any control records behind it. */
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

/** Reads every assigned partition. Records are handed over in order per partition; the returned promise is the back-pressure. */
export interface Tap {
  start(handlers: {
    /** where to begin, asked at each assignment; null: this partition was never read, begin where the configuration says */
    positionOf(partition: PartitionRef): Promise<bigint | null>;
    onBatch(batch: TapBatch): Promise<void>;
    /** partitions are about to go to another tap: drop what is buffered of them */
    onRevoked(): void;
    onFault(error: Error): void;
  }): Promise<void>;
  /** reads exactly these topics from now on */
  setTopics(topics: readonly string[]): Promise<void>;
  /** reads this partition again from the given offset */
  seek(partition: PartitionRef, offset: bigint): void;
  stop(): Promise<void>;
}

export interface TopicInfo {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly leader: number | null }[];
  readonly replication: number;
}

export interface TopicSettings {
  readonly cleanupPolicy: string | null;
  readonly retentionMs: bigint | null;
  readonly retentionBytes: bigint | null;
}

export interface PartitionLogOffsets extends PartitionRef {
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  readonly lastStableOffset: bigint;
}

export interface GroupInfo {
  readonly group: string;
  readonly protocol: "classic" | "consumer" | "share" | "streams" | "simple" | "unknown";
  readonly state: "stable" | "empty" | "rebalancing" | "dead" | "unknown";
  readonly coordinator: string | null;
  readonly members: readonly { readonly memberId: string; readonly clientId: string; readonly host: string; readonly assignment: readonly PartitionRef[] }[];
}

export interface CommittedOffset extends PartitionRef {
  readonly group: string;
  readonly offset: bigint;
}

/** Reads the broker's state in few, batched requests. Every call may reject with an Error that says what the broker said. */
export interface Inspector {
  clusterId(): Promise<string | null>;
  topics(): Promise<TopicInfo[]>;
  settings(topics: readonly string[]): Promise<Map<string, TopicSettings>>;
  logOffsets(partitions: readonly PartitionRef[]): Promise<PartitionLogOffsets[]>;
  groupNames(): Promise<string[]>;
  groups(names: readonly string[]): Promise<GroupInfo[]>;
  committed(groups: readonly string[]): Promise<CommittedOffset[]>;
  /** first offset at or after the time, per partition; the end offset where there is none */
  offsetsAt(partitions: readonly PartitionRef[], timeMs: number): Promise<Map<string, bigint>>;
  /** rejects when the group has members */
  resetOffsets(group: string, offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[]): Promise<void>;
  close(): Promise<void>;
}

/** Reads single stretches of a partition without joining any group. */
export interface Reader {
  read(partition: PartitionRef, from: bigint, limits: { readonly maxRecords: number; readonly maxBytes: number; readonly timeoutMs: number }): Promise<{ readonly records: TapRecord[]; readonly nextOffset: bigint }>;
  close(): Promise<void>;
}

export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}

/** Writes records in transactions: all of a batch become visible, or none. A later publisher of the same id fences an earlier one. */
export interface Publisher {
  publish(records: readonly OutgoingRecord[]): Promise<{ readonly topic: string; readonly partition: number; readonly baseOffset: bigint }[]>;
  close(): Promise<void>;
}
