import type { Headers } from "#lib/domain/message/headers.ts";

export interface OutgoingRecord {
  readonly topic: string;
  /** null: the broker's client chooses one by the key */
  readonly partition: number | null;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
  /** left out: the time of writing */
  readonly timestampMs?: number;
}

/**
 * Writes records in transactions: all of a batch become visible, or none. Opening a publisher ends what an earlier one
 * of the same id left open, and fences it off: nothing of it can become visible afterwards. After a rejection other
 * than `records_refused` it is not known whether the batch became visible, and the publisher is done for.
 */
export interface Publisher {
  /** where each record went, in their order */
  publish(records: readonly OutgoingRecord[]): Promise<{ readonly partition: number; readonly offset: bigint }[]>;
  close(): Promise<void>;
}
