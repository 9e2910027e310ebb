/**
 * The content of a record of Kafka's commit log (`__consumer_offsets`). Formats: OffsetCommitKey.json,
 * OffsetCommitValue.json, GroupMetadataKey.json and GroupMetadataValue.json of Apache Kafka, keys of versions 0 to 2,
 * values of versions 0 to 4. Every read is checked against the bytes that are there.
 */
import { cutText } from "#lib/domain/text/text.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import type { CommitLogEntry, GenerationEntry } from "../ports/commit-log.ts";
import { boundedOffset } from "../bounded.ts";
import { plainHost } from "./inspect-group-words.ts";

export const COMMIT_LOG_TOPIC = "__consumer_offsets";

const LAST_COMMIT_KEY_VERSION = 1;
const GROUP_KEY_VERSION = 2;
const LAST_VALUE_VERSION = 4;
const FIRST_FLEXIBLE_VALUE_VERSION = 4;
const MOST_CLIENTS = 12;
const LONGEST_CLIENT = 200;

/** null: neither a commit nor a generation (a removed group, or a kind that newer protocols add) */
export function readCommitLog(key: Uint8Array | null, value: Uint8Array | null): Result<CommitLogEntry | null, string> {
  if (key === null) return err("a record of the commit log without a key");
  try {
    const from = new Reader(key);
    const version = from.int16();
    if (version > GROUP_KEY_VERSION) return ok(null);
    const group = from.string(from.int16());
    if (version > LAST_COMMIT_KEY_VERSION)
      return ok(value === null ? null : { kind: "generation", group, ...readGeneration(new Reader(value)) });
    return ok({
      kind: "commit",
      group,
      topic: from.string(from.int16()),
      partition: from.int32(),
      commit: value === null ? null : readCommit(new Reader(value)),
    });
  } catch (error) {
    if (error instanceof Malformed) return err(`a record of the commit log ${error.message}`);
    throw error;
  }
}

function versionOf(from: Reader): number {
  const version = from.int16();
  if (version < 0 || version > LAST_VALUE_VERSION)
    throw new Malformed(`has a value of version ${version}, which is not known`);
  return version;
}

/** null: a negative offset, with which a client says that it has none */
function readCommit(from: Reader): { offset: bigint; committedAtMs: number } | null {
  const version = versionOf(from);
  const offset = from.int64();
  if (version >= 3) from.skip(4); // leader epoch
  // metadata
  from.skip(version >= FIRST_FLEXIBLE_VALUE_VERSION ? Math.max(0, from.varint() - 1) : Math.max(0, from.int16()));
  const committedAtMs = Number(from.int64());
  const bounded = boundedOffset(offset);
  return bounded === null ? null : { offset: bounded, committedAtMs };
}

function readGeneration(from: Reader): Omit<GenerationEntry, "kind" | "group"> {
  const version = versionOf(from);
  const flexible = version >= FIRST_FLEXIBLE_VALUE_VERSION;
  /** the length of the next field; null counts as empty */
  const length = (): number => Math.max(0, flexible ? from.varint() - 1 : from.int16());
  const skipBytes = (): void => from.skip(Math.max(0, flexible ? from.varint() - 1 : from.int32()));
  from.skip(length()); // protocol type
  const generation = from.int32();
  from.skip(length()); // protocol
  from.skip(length()); // leader
  const atMs = version >= 2 ? Number(from.int64()) : -1;
  const memberCount = Math.max(0, flexible ? from.varint() - 1 : from.int32());
  const clients: string[] = [];
  // Every member takes at least one byte, so a false count ends at the end of the record.
  for (let i = 0; i < memberCount && clients.length < MOST_CLIENTS; i++) {
    from.skip(length()); // member id
    if (version >= 3) from.skip(length()); // instance
    const clientId = from.string(length());
    clients.push(cutText(`${clientId} at ${plainHost(from.string(length()))}`, LONGEST_CLIENT));
    from.skip(version >= 1 ? 8 : 4); // rebalance and session timeouts
    skipBytes(); // subscription
    skipBytes(); // assignment
    if (flexible) from.skipTags();
  }
  return { generation, atMs: atMs >= 0 ? atMs : null, memberCount, clients };
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

  /** The index of the next n bytes. */
  #take(n: number): number {
    const start = this.#at;
    if (n < 0 || start + n > this.#bytes.length)
      throw new Malformed(`ends after ${this.#bytes.length} B, in the middle of a field`);
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

  skipTags(): void {
    for (let left = this.varint(); left > 0; left--) {
      this.varint(); // tag
      this.skip(this.varint());
    }
  }

  string(length: number): string {
    const start = this.#take(length);
    return decoder.decode(this.#bytes.subarray(start, start + length));
  }
}

const decoder = new TextDecoder("utf-8");
