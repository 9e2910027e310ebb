/** What a pipeline needs of the buffer that collects records between two flushes. */
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { Flush } from "#lib/store/ingest/flush.ts";

export interface ReadPartition {
  readonly destinationId: number;
  readonly topic: string;
  readonly partition: number;
  /** the offset of the next record to take */
  next: bigint;
  endOffset: bigint;
}

export interface FlushBuffer {
  /** records taken, of any fate */
  readonly records: number;
  readonly bytes: number;
  /** null: taken; otherwise what must be done before the same record is offered again */
  add(partition: ReadPartition, record: LogRecord): (() => Promise<void>) | null;
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
