/** What a pipeline needs of the buffer that collects records between two flushes. */
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { Flush } from "#lib/store/ingest/flush.ts";

export interface ReadPartition {
  readonly destinationId: number;
  readonly topic: string;
  readonly partition: number;
  /** the offset of the next record to take */
  next: bigint;
  /** where to begin after a restart, so that no open transaction is missed */
  resumeFrom: bigint;
  /** of the leader that took the last record taken; -1: not known */
  leaderEpoch: number;
  endOffset: bigint;
}

/** `ahead`: the records that will be offered next, the refused one first; what they need may be done with it */
export type Preparation = (ahead: readonly LogRecord[]) => Promise<void>;

export interface FlushBuffer {
  /** records taken, of any fate */
  readonly records: number;
  readonly bytes: number;
  /** null: taken; otherwise what must be done before the same record is offered again */
  add(partition: ReadPartition, record: LogRecord): Preparation | null;
  /** Takes a record that cannot be stored as what it is. */
  quarantine(partition: ReadPartition, record: LogRecord, reason: string): void;
  write(flush: Flush): Promise<void>;
  /** after the transaction is committed */
  stored(): { readonly stored: number; readonly quarantined: number };
  /**
   * Replaces everything that Postgres refused by something it can store. Called when Postgres refuses the content of a
   * flush, not when it cannot be reached.
   */
  refuse(reason: string): void;
  clear(): void;
}
