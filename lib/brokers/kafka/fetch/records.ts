/** The records of one batch, read in place from its decompressed bytes. */
import type { Headers } from "#lib/domain/message/headers.ts";
import type { LogRecord, RecordProducer } from "../../ports/log-source.ts";
import { HeaderNames } from "./header-names.ts";
import type { RecordBatch } from "./record-batch.ts";

/**
 * More headers than this are not kept: a header of no bytes takes two in the log, but a hundred in memory. Java's
 * clients and Flowtap's conventions need a dozen.
 */
export const MAX_HEADERS = 10_000;

const names = new HeaderNames();

/** What is wrong with a batch's bytes, in a sentence. */
export class MalformedBatch extends Error {
  override readonly name = "MalformedBatch";
}

/** Reads forward through the bytes; every length is checked against their end. */
class Cursor {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** A zigzag varint of up to 64 bits. Beyond 53 bits it is the nearest number. */
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte === undefined) throw new MalformedBatch("a record ends in the middle of a number");
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let unsigned = byte & 0x7f;
    let weight = 0x80;
    for (let read = 1; byte >= 0x80; read++) {
      byte = bytes[this.at++];
      if (byte === undefined || read === 10) throw new MalformedBatch("a number in a record has no end");
      unsigned += (byte & 0x7f) * weight;
      weight *= 0x80;
    }
    return unsigned % 2 === 0 ? unsigned / 2 : -(unsigned + 1) / 2;
  }

  /** A length and that many bytes; null for a length of -1. */
  bytesOrNull(): Buffer | null {
    const length = this.varint();
    if (length === -1) return null;
    const start = this.at;
    this.advance(length);
    return this.bytes.subarray(start, this.at);
  }

  advance(length: number): void {
    if (length < 0 || this.at + length > this.bytes.length)
      throw new MalformedBatch("a length in a record points outside its batch");
    this.at += length;
  }
}

/** Takes the records out of a batch of format 2, so many at a time. */
export class BatchRecords {
  readonly #batch: RecordBatch;
  readonly #cursor: Cursor;
  readonly #baseTimestampMs: number;
  readonly #maxTimestampMs: number;
  readonly #producer: RecordProducer | null;
  #left: number;

  constructor(batch: RecordBatch, decompressed: Buffer) {
    this.#batch = batch;
    this.#cursor = new Cursor(decompressed);
    this.#baseTimestampMs = Number(batch.baseTimestamp);
    this.#maxTimestampMs = Number(batch.maxTimestamp);
    const { producerId: id, isTransactional } = batch;
    this.#producer = id < 0n ? null : { id, isTransactional };
    this.#left = batch.count;
  }

  /** The next records from that offset on, none at the end. Throws MalformedBatch, behind the records before. */
  take(most: number, from: bigint): LogRecord[] {
    const taken: LogRecord[] = [];
    let next = this.#cursor.at;
    try {
      while (this.#left > 0 && taken.length < most) {
        const record = this.#next(from);
        if (record !== null) taken.push(record);
        this.#left--;
        next = this.#cursor.at;
      }
    } catch (error) {
      if (taken.length === 0) throw error;
      this.#cursor.at = next; // fails again when the next records are taken
    }
    return taken;
  }

  #next(from: bigint): LogRecord | null {
    const cursor = this.#cursor;
    const length = cursor.varint();
    const start = cursor.at;
    cursor.advance(length);
    const end = cursor.at;
    cursor.at = start + 1; // its attributes are unused so far
    const timestampDelta = cursor.varint();
    const offset = this.#batch.baseOffset + BigInt(cursor.varint());
    if (offset < from) {
      cursor.at = end;
      return null;
    }
    const key = cursor.bytesOrNull();
    const value = cursor.bytesOrNull();
    const count = cursor.varint();
    const headers = this.#headers(count);
    if (cursor.at > end) throw new MalformedBatch("a record is longer than it says");
    cursor.at = end;
    const timestampMs = this.#batch.hasLogAppendTime ? this.#maxTimestampMs : this.#baseTimestampMs + timestampDelta;
    return count > headers.length
      ? { offset, timestampMs, key, value, headers, producer: this.#producer, headersLeftOut: count - headers.length }
      : { offset, timestampMs, key, value, headers, producer: this.#producer };
  }

  #headers(count: number): Headers {
    if (count <= 0) return [];
    const cursor = this.#cursor;
    const headers: [string, Uint8Array | null][] = [];
    for (let kept = Math.min(count, MAX_HEADERS); kept > 0; kept--) {
      const length = cursor.varint();
      const start = cursor.at;
      cursor.advance(length);
      headers.push([names.read(cursor.bytes, start, cursor.at), cursor.bytesOrNull()]);
    }
    return headers;
  }
}
