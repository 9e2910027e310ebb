/** Reading a log from a position on, for as long as it grows. The positions are ours: the broker keeps none. */
import type { Headers } from "#lib/domain/message/headers.ts";
import type { PartitionRef } from "./partition.ts";

/** Who wrote a batch, as far as the broker tells: one object for all records of the batch. */
export interface RecordProducer {
  /** given by the broker to one running producer; when its process starts again it has another, unless it is
   * transactional */
  readonly id: bigint;
  readonly isTransactional: boolean;
}

export interface LogRecord {
  readonly offset: bigint;
  /** the broker's record timestamp; any 64-bit value, as a number */
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
  /** null: the broker does not know it */
  readonly producer?: RecordProducer | null;
  /** why nothing of this record but its offset could be read; its other fields then say nothing */
  readonly unreadable?: string;
  /** how many headers it has beyond those given, when it has too many to keep */
  readonly headersLeftOut?: number;
}

/**
 * A run of records of one partition, in order: all that there is from `fromOffset` up to `nextOffset`, where reading
 * goes on.
 */
export interface LogBatch extends PartitionRef {
  readonly records: readonly LogRecord[];
  readonly fromOffset: bigint;
  readonly nextOffset: bigint;
  readonly endOffset: bigint;
  /** where to begin after a restart, so that nothing of the transactions is missed that are open at `nextOffset` */
  readonly resumeFrom: bigint;
  /** of the leader that took the last of these records; -1: not known */
  readonly leaderEpoch: number;
}

export interface LogSourceOptions {
  /**
   * true: an open transaction holds up nothing but its own records, which count from the offset of its end on. false:
   * nothing behind the first open transaction is read, so that all records come in the order of their offsets.
   */
  readonly ownTransactions?: boolean;
}

/** A partition that a tap is to read. */
export interface AssignedPartition extends PartitionRef {
  /**
   * Tells a topic from another one of the same name that was deleted before. While it is the same, reading goes on
   * where it is; when it changes, the positions are asked for again.
   */
  readonly generation: number;
  /** the broker's own id of the topic; null: it has none. Only the topic of that id is read. */
  readonly topicId: string | null;
}

export interface LogPosition {
  readonly offset: bigint;
  /** as the last batch before said; the offset itself where it said nothing */
  readonly resumeFrom: bigint;
  /** of the last record read before; -1: not known. By it a log that was truncated meanwhile is found out. */
  readonly leaderEpoch: number;
}

export interface LogSourceHandlers {
  /** where to begin with newly assigned partitions, in order; null: not known at the moment, to be asked again */
  positionsOf(partitions: readonly AssignedPartition[]): Promise<readonly (LogPosition | null)[]>;
  onBatch(batch: LogBatch): Promise<void>;
  /** records from `from` up to `to` were gone before they could be read; reading goes on at `to` */
  onGap(partition: PartitionRef, from: bigint, to: bigint): void;
  /**
   * The log was truncated: what was read at `to` and behind is no longer what lies there. The partition is not read
   * before it is sought anew.
   */
  onTruncated(partition: AssignedPartition, to: bigint): void;
  /** these are read again, or for the first time */
  onReading(partitions: readonly PartitionRef[]): void;
  /** these are not read at the moment; each is tried again by itself */
  onFault(partitions: readonly PartitionRef[], fault: Error): void;
}

/**
 * Reads every assigned partition. Records are handed over in order per partition; the returned promise is
 * the back-pressure. A fault of one partition does not stop the others.
 */
export interface LogSource {
  start(handlers: LogSourceHandlers): void;
  /** reads exactly these partitions from now on */
  assign(partitions: readonly AssignedPartition[]): void;
  /** reads this partition again from the given offset */
  seek(partition: PartitionRef, position: LogPosition): void;
  stop(): Promise<void>;
}
