/**
 * Rows of `events` in Postgres's COPY BINARY format, written straight into one growing buffer: no object per row. The
 * columns of fixed width stand first, so that a finished row can still be stamped and read.
 */
import { EVENT_FLAG } from "#lib/domain/message/flags.ts";
import { storableTimeMs } from "#lib/domain/message/times.ts";
import { storableKey } from "#lib/domain/text/text.ts";

export const EVENT_COLUMNS = [
  "stored_at",
  "occurred_at",
  "position",
  "destination_id",
  "partition",
  "size_bytes",
  "flags",
  "trace_id",
  "conversation_id",
  "span_id",
  "parent_span_id",
  "message_ref",
  "cause_ref",
  "type_id",
  "service_id",
  "producer_id",
  "key",
] as const;

export interface EventRow {
  occurredAtMs: number;
  position: bigint;
  destinationId: number;
  partition: number;
  sizeBytes: number;
  flags: number;
  traceId: string | null;
  conversationId: string | null;
  spanId: string | null;
  parentSpanId: string | null;
  messageRef: bigint | null;
  causeRef: bigint | null;
  typeId: number | null;
  serviceId: number | null;
  producerId: bigint | null;
  key: string | null;
}

// "PGCOPY\n\377\r\n\0", no flags, no extension.
const SIGNATURE = Buffer.from([0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const TRAILER_BYTES = 2;
const STORED_AT = 2 + 4;
const POSITION_AT = STORED_AT + 8 + 4 + 8 + 4;
const DESTINATION_AT = POSITION_AT + 8 + 4;
const PARTITION_AT = DESTINATION_AT + 4 + 4;
/** everything but the key */
const ROW_BYTES = 2 + EVENT_COLUMNS.length * 4 + 3 * 8 + 4 * 4 + 2 * 16 + 5 * 8 + 2 * 4;
const POSTGRES_EPOCH_MS = 946_684_800_000;
const MAX_INT = 0x7fffffff;
const START_BYTES = 1 << 20;

const HEX = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) HEX["0123456789abcdef".charCodeAt(i)] = i;

export class EventRows {
  #bytes: Buffer = Buffer.allocUnsafeSlow(START_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #at = SIGNATURE.copy(this.#bytes);
  #starts = new Uint32Array(4096);
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#at;
  }

  clear(): void {
    this.#at = SIGNATURE.length;
    this.#rows = 0;
  }

  /** Answers the time that is stored: the given one, or the nearest that can be. */
  add(row: EventRow): number {
    const key = row.key === null ? null : storableKey(row.key);
    this.#makeRoom(ROW_BYTES + (key === null ? 0 : key.length * 3));
    const view = this.#view;
    const start = this.#at;
    const time = row.occurredAtMs;
    const occurredAtMs = storableTimeMs(time);
    view.setInt16(start, EVENT_COLUMNS.length);
    let at = this.#time(start + 2, 0);
    at = this.#time(at, occurredAtMs);
    view.setInt32(at, 8);
    view.setBigInt64(at + 4, row.position);
    at = this.#int(at + 12, row.destinationId);
    at = this.#int(at, row.partition);
    at = this.#int(at, Math.min(row.sizeBytes, MAX_INT));
    at = this.#int(at, occurredAtMs === time ? row.flags : row.flags | EVENT_FLAG.clampedTime);
    at = this.#hex(at, row.traceId, 16);
    at = this.#hex(at, row.conversationId, 16);
    at = this.#hex(at, row.spanId, 8);
    at = this.#hex(at, row.parentSpanId, 8);
    at = this.#bigint(at, row.messageRef);
    at = this.#bigint(at, row.causeRef);
    at = row.typeId === null ? this.#null(at) : this.#int(at, row.typeId);
    at = row.serviceId === null ? this.#null(at) : this.#int(at, row.serviceId);
    at = this.#bigint(at, row.producerId);
    if (key === null) at = this.#null(at);
    else {
      const length = this.#bytes.write(key, at + 4, "utf8");
      view.setInt32(at, length);
      at += 4 + length;
    }
    if (this.#rows === this.#starts.length) {
      const more = new Uint32Array(this.#rows * 2);
      more.set(this.#starts);
      this.#starts = more;
    }
    this.#starts[this.#rows++] = start;
    this.#at = at;
    return occurredAtMs;
  }

  /** The whole COPY message with every row's stored_at set; valid until the next change. */
  finish(storedAtMs: number): Buffer {
    this.#makeRoom(TRAILER_BYTES);
    const micros = BigInt(storedAtMs - POSTGRES_EPOCH_MS) * 1000n;
    for (let i = 0; i < this.#rows; i++) this.#view.setBigInt64((this.#starts[i] as number) + STORED_AT, micros);
    this.#view.setInt16(this.#at, -1);
    return this.#bytes.subarray(0, this.#at + TRAILER_BYTES);
  }

  /** The positions of the rows. */
  *positions(): Generator<{ destinationId: number; partition: number; position: bigint }> {
    for (let i = 0; i < this.#rows; i++) {
      const start = this.#starts[i] as number;
      yield {
        destinationId: this.#view.getInt32(start + DESTINATION_AT),
        partition: this.#view.getInt32(start + PARTITION_AT),
        position: this.#view.getBigInt64(start + POSITION_AT),
      };
    }
  }

  #makeRoom(bytes: number): void {
    const needed = this.#at + bytes + TRAILER_BYTES;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  #null(at: number): number {
    this.#view.setInt32(at, -1);
    return at + 4;
  }

  #int(at: number, value: number): number {
    this.#view.setInt32(at, 4);
    this.#view.setInt32(at + 4, value);
    return at + 8;
  }

  #bigint(at: number, value: bigint | null): number {
    if (value === null) return this.#null(at);
    this.#view.setInt32(at, 8);
    this.#view.setBigInt64(at + 4, value);
    return at + 12;
  }

  /**
   * Microseconds since 2000 as two halves, without a BigInt; years past 2255 lose less than the
   * millisecond that is kept.
   */
  #time(at: number, ms: number): number {
    const micros = (ms - POSTGRES_EPOCH_MS) * 1000;
    this.#view.setInt32(at, 8);
    this.#view.setInt32(at + 4, Math.floor(micros / 0x1_0000_0000));
    this.#view.setUint32(at + 8, micros >>> 0);
    return at + 12;
  }

  #hex(at: number, hex: string | null, length: number): number {
    if (hex === null || hex.length !== length * 2) return this.#null(at);
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) {
      const high = HEX[hex.charCodeAt(i * 2)] as number;
      const low = HEX[hex.charCodeAt(i * 2 + 1)] as number;
      if (!(high >= 0 && low >= 0)) return this.#null(at);
      bytes[at + 4 + i] = (high << 4) | low;
    }
    this.#view.setInt32(at, length);
    return at + 4 + length;
  }
}
