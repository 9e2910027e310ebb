/** What becomes of the batches of transactions (KIP-98). Producers may interleave their transactions. */
import type { LogRecord } from "../../ports/log-source.ts";
import { detachedRecord } from "./detached-record.ts";
import type { AbortedTransaction } from "./fetch-api.ts";
import type { RecordBatch } from "./record-batch.ts";
import { BatchRecords } from "./records.ts";

/** To be asked of each batch of a partition, in order. */
export interface Transactions {
  /** how the records of a batch count: now, never, or when their transaction is committed */
  fateOf(batch: RecordBatch): "read" | "skip" | "hold";
  hold(batch: RecordBatch, records: readonly LogRecord[]): void;
  /** the records that count from this marker on */
  settle(marker: RecordBatch): readonly LogRecord[];
  /** where the first transaction begins of which it is not known how it ends; null: there is none */
  readonly openSince: bigint | null;
}

const ABORT = 0;
const COMMIT = 1;
/** of one transaction; what it writes beyond is not held */
const MAX_HELD = 100_000;

/**
 * For isolation level read_committed: the broker stops before the first open transaction, and tells which ones were
 * aborted.
 */
export class AbortedTransactions implements Transactions {
  readonly openSince = null;
  /** those that have not begun yet, by the offset they begin at */
  readonly #ahead: AbortedTransaction[];
  readonly #producers = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#ahead = aborted.toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  }

  fateOf(batch: RecordBatch): "read" | "skip" {
    for (let next = this.#ahead[0]; next !== undefined && next.firstOffset <= batch.lastOffset; next = this.#ahead[0]) {
      this.#producers.add(next.producerId);
      this.#ahead.shift();
    }
    return batch.isTransactional && this.#producers.has(batch.producerId) ? "skip" : "read";
  }

  hold(): void {
    throw new Error("nothing is held: the broker gives no records of open transactions");
  }

  settle(marker: RecordBatch): readonly LogRecord[] {
    this.fateOf(marker);
    if (markerOf(marker) === ABORT) this.#producers.delete(marker.producerId);
    return [];
  }
}

/**
 * For a log in which a transaction must not hold up what others write behind it: the records of each are held until it
 * ends. Kept from one answer of a partition to the next.
 */
export class OwnTransactions implements Transactions {
  readonly #open = new Map<bigint, { readonly since: bigint; readonly records: LogRecord[] }>();

  get openSince(): bigint | null {
    let first: bigint | null = null;
    for (const { since } of this.#open.values()) if (first === null || since < first) first = since;
    return first;
  }

  fateOf(batch: RecordBatch): "read" | "hold" {
    return batch.isTransactional ? "hold" : "read";
  }

  hold(batch: RecordBatch, records: readonly LogRecord[]): void {
    const known = this.#open.get(batch.producerId) ?? { since: batch.baseOffset, records: [] };
    this.#open.set(batch.producerId, known);
    if (known.records.length < MAX_HELD) for (const record of records) known.records.push(detachedRecord(record));
  }

  settle(marker: RecordBatch): readonly LogRecord[] {
    const own = this.#open.get(marker.producerId);
    this.#open.delete(marker.producerId);
    // They count from the marker on, so that they come behind the position that was reached without them.
    return own === undefined || markerOf(marker) !== COMMIT
      ? []
      : own.records.map((record) => ({ ...record, offset: marker.lastOffset }));
  }
}

/** The type in a control record's key, after its version; null: it cannot be read. */
function markerOf(marker: RecordBatch): number | null {
  try {
    const key = new BatchRecords(marker, marker.body).take(1, marker.baseOffset)[0]?.key;
    return key && key.length >= 4 ? Buffer.from(key.buffer, key.byteOffset, key.length).readInt16BE(2) : null;
  } catch {
    return null;
  }
}
