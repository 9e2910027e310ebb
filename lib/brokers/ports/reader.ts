import type { LogRecord } from "./log-source.ts";
import type { PartitionRef } from "./partition.ts";

export interface ReadLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export interface Stretch {
  readonly records: LogRecord[];
  /** where to go on */
  readonly nextOffset: bigint;
}

/**
 * Reads single stretches of a partition without joining any group: committed records only. Fewer than `maxRecords` come
 * back at the end of what is committed, or when bytes or time run out. Rejects with a BrokerFault,
 * `offset_out_of_range` when `from` is not in the log.
 */
export interface Reader {
  read(partition: PartitionRef, from: bigint, limits: ReadLimits): Promise<Stretch>;
  close(): Promise<void>;
}
