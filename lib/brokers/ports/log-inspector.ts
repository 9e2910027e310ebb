/** What a broker that keeps logs can tell beside: offsets, commits, transactions, sizes; and what can be set there. */
import type { Inspector } from "./inspector.ts";
import type { PartitionRef } from "./partition.ts";

export interface LogSettings {
  readonly cleanupPolicy: string | null;
  readonly retentionMs: bigint | null;
  readonly retentionBytes: bigint | null;
  /** of one batch of records, compressed; null: not known */
  readonly maxMessageBytes: number | null;
}

export interface PartitionLogOffsets extends PartitionRef {
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  readonly lastStableOffset: bigint;
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

/** Maps are keyed by `partitionKey` unless they say otherwise. Every call may reject with a BrokerFault. */
export interface LogInspector extends Inspector {
  /** by topic */
  settings(topics: readonly string[]): Promise<Map<string, LogSettings>>;
  /** partitions that cannot be asked are left out */
  logOffsets(partitions: readonly PartitionRef[]): Promise<PartitionLogOffsets[]>;
  committed(groups: readonly string[]): Promise<CommittedOffset[]>;
  /** first offset at or after the time, per partition; the end offset where there is none */
  offsetsAt(partitions: readonly PartitionRef[], timeMs: number): Promise<Map<string, bigint>>;
  /** which transactions begin at these last stable offsets; partitions of which that is not known are left out */
  openTransactions(
    partitions: readonly (PartitionRef & { readonly lastStableOffset: bigint })[],
  ): Promise<Map<string, OpenTransaction>>;
  /** bytes on the disks of their leaders, by partition; what may not be asked is left out */
  logSizes(topics: readonly string[]): Promise<Map<string, bigint>>;
  /** rejects with a BrokerFault `group_not_empty` when the group has members */
  resetOffsets(group: string, offsets: readonly (PartitionRef & { readonly offset: bigint })[]): Promise<void>;
  /** With the broker's own settings; one that exists already is left as it is. */
  createTopic(topic: string, partitions: number): Promise<void>;
}
