/** Reading a log from a position on, for as long as it grows. The positions are ours: the broker keeps none. */
import type { Headers } from "#lib/domain/message/headers.ts";
import type { PartitionRef } from "./partition.ts";

export interface LogRecord {
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
export interface LogBatch extends PartitionRef {
  readonly records: readonly LogRecord[];
  readonly nextOffset: bigint;
  readonly endOffset: bigint;
}

export interface LogSourceHandlers {
  /** where to begin, asked at each assignment; one answer per partition, in order */
  positionsOf(partitions: readonly PartitionRef[]): Promise<readonly bigint[]>;
  onBatch(batch: LogBatch): Promise<void>;
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
export interface LogSource {
  start(handlers: LogSourceHandlers): void;
  /** reads exactly these topics from now on */
  setTopics(topics: readonly string[]): void;
  /** reads this partition again from the given offset */
  seek(partition: PartitionRef, offset: bigint): void;
  stop(): Promise<void>;
}
