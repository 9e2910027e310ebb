/**
 * What a record of Kafka's commit log (`__consumer_offsets`) says. Formats: OffsetCommitKey.json and OffsetCommitValue.json of Apache
 * Kafka, key versions 0 and 1, value versions 0 to 4. Every read is checked against the bytes that are there.
 */
import { err, ok, type Result } from "#lib/domain/result.ts";

export const COMMIT_LOG_TOPIC = "__consumer_offsets";

export interface CommitLogEntry {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** null: the commit was removed, by expiry or because its group or topic was deleted */
  readonly commit: { readonly offset: bigint; readonly committedAtMs: number } | null;
}

const LAST_COMMIT_KEY_VERSION = 1;
const LAST_VALUE_VERSION = 4;
const FIRST_FLEXIBLE_VALUE_VERSION = 4;

/** null: a record that is no commit (group metadata, and kinds that newer brokers add). */
export function readCommitLog(key: Uint8Array | null, value: Uint8Array | null): Result<CommitLogEntry | null, string> {
  if (key === null) return err("a record of the commit log without a key");
  try {
    const from = new Reader(key);
    if (from.int16() > LAST_COMMIT_KEY_VERSION) return ok(null);
    const entry = { group: from.string(from.int16()), topic: from.string(from.int16()), partition: from.int32() };
    return ok({ ...entry, commit: value === null ? null : readValue(new Reader(value)) });
  } catch (error) {
    if (error instanceof Malformed) return err(`a record of the commit log ${error.message}`);
    throw error;
  }
}

function readValue(from: Reader): { offset: bigint; committedAtMs: number } {
  const version = from.int16();
  if (version < 0 || version > LAST_VALUE_VERSION) throw new Malformed(`has a value of version ${version}, which is not known`);
  const offset = from.int64();
  if (version >= 3) from.skip(4); // leader epoch
  from.skip(version >= FIRST_FLEXIBLE_VALUE_VERSION ? Math.max(0, from.varint() - 1) : Math.max(0, from.int16())); // metadata
  return { offset, committedAtMs: Number(from.int64()) };
}

class Malformed extends Error {}

class Reader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The place of the next n bytes. */
  #take(n: number): number {
    const start = this.#at;
    if (n < 0 || start + n > this.#bytes.length) throw new Malformed(`ends after ${this.#bytes.length} B, in the middle of a field`);
    this.#at += n;
    return start;
  }

  skip(n: number): void {
    this.#take(n);
  }

  int16(): number {
    return this.#view.getInt16(this.#take(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  varint(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#view.getUint8(this.#take(1));
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
    throw new Malformed("holds a number that does not end");
  }

  string(length: number): string {
    const start = this.#take(length);
    return decoder.decode(this.#bytes.subarray(start, start + length));
  }
}

const decoder = new TextDecoder("utf-8");
