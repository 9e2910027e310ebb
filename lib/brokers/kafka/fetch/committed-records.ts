/**
 * The records of a Fetch answer that a consumer with isolation level read_committed gets. The broker stops at the last
 * stable offset, but includes aborted transactions and transaction markers; the client has to remove them (KIP-98).
 */
import type { LogRecord } from "../../ports/log-source.ts";
import { decompress } from "./decompress.ts";
import type { FetchedPartition } from "./fetch-api.ts";
import { recordsOfMessage } from "./message-set.ts";
import { batchesOf, isIntact, type RecordBatch } from "./record-batch.ts";
import { BatchRecords } from "./records.ts";
import { AbortedTransactions, type Transactions } from "./transactions.ts";

/** Far above what brokers accept by default (message.max.bytes: 1 MiB), far below a process's memory. */
export const MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;
const RECORDS_PER_CHUNK = 250;
/** of one batch that cannot be read; its last record then stands for the rest */
const MAX_UNREADABLE_RECORDS = 10_000;

export interface Chunk {
  readonly records: readonly LogRecord[];
  /** where to go on: behind the records, and behind whatever follows them that is none */
  readonly nextOffset: bigint;
  /** of the last batch; -1: it does not tell */
  readonly leaderEpoch: number;
}

/** A batch that cannot be read, as it came over the network. Asking again may help. */
export class UnreadableBatch extends Error {
  override readonly name = "UnreadableBatch";
  readonly baseOffset: bigint;

  constructor(batch: RecordBatch, reason: string, options?: ErrorOptions) {
    const { baseOffset, lastOffset } = batch;
    super(`the batch of the offsets ${baseOffset} to ${lastOffset} cannot be read: ${reason}`, options);
    this.baseOffset = baseOffset;
  }
}

export interface ReadOptions {
  /** where the answer was asked from, when that is before what is wanted: see `Transactions.openSince` */
  readonly fetchedFrom?: bigint;
  /** the base offset of a batch that becomes unreadable records instead of an error; "all": each one does */
  readonly giveUpOn?: bigint | "all" | null;
  readonly transactions?: Transactions;
}

/**
 * The committed records from `from` on, in order. Ends early, behind the last chunk, when decompressing more would take
 * more memory than is allowed for one answer. Throws UnreadableBatch.
 */
export async function* committedRecords(
  fetched: Pick<FetchedPartition, "records" | "aborted">,
  from: bigint,
  { fetchedFrom = from, giveUpOn = null, transactions = new AbortedTransactions(fetched.aborted) }: ReadOptions = {},
): AsyncGenerator<Chunk> {
  let records: LogRecord[] = [];
  let nextOffset = fetchedFrom;
  let yieldedTo = fetchedFrom;
  let leaderEpoch = -1;
  let decompressedBytes = 0;
  for (const batch of batchesOf(fetched.records)) {
    const fate = batch.isControl ? "settle" : transactions.fateOf(batch);
    if (fate === "settle") {
      const settled = transactions.settle(batch);
      if (batch.lastOffset >= from && settled.length > 0) records = records.concat(settled);
    } else if (batch.lastOffset >= nextOffset && fate !== "skip" && (fate === "hold" || batch.lastOffset >= from)) {
      let read: ReadBatch | null = null;
      const wanted = fate === "hold" || from < nextOffset ? nextOffset : from;
      for (;;) {
        let more: LogRecord[];
        try {
          read ??= await readBatch(batch, wanted, MAX_DECOMPRESSED_BYTES - decompressedBytes);
          more = read.take(RECORDS_PER_CHUNK);
        } catch (error) {
          if ((giveUpOn === "all" || batch.baseOffset === giveUpOn) && decompressedBytes === 0) {
            read = { take: unreadable(batch, nextOffset, error), bytes: 0 };
            continue;
          }
          if (nextOffset > yieldedTo) yield { records, nextOffset, leaderEpoch };
          // Perhaps it failed for want of room only: in the next answer it comes first.
          if (decompressedBytes > 0) return;
          throw error;
        }
        if (more.length === 0) break;
        nextOffset = (more.at(-1) as LogRecord).offset + 1n;
        if (fate === "hold") transactions.hold(batch, more);
        else records = records.length === 0 ? more : records.concat(more);
        if (records.length < RECORDS_PER_CHUNK) continue;
        yield { records, nextOffset, leaderEpoch };
        yieldedTo = nextOffset;
        records = [];
      }
      decompressedBytes += read.bytes;
    }
    if (batch.lastOffset >= nextOffset) nextOffset = batch.lastOffset + 1n;
    leaderEpoch = batch.leaderEpoch;
  }
  if (nextOffset > yieldedTo) yield { records, nextOffset, leaderEpoch };
}

interface ReadBatch {
  /** the next records, none at the end */
  take(most: number): LogRecord[];
  /** decompressed; 0 when it was not compressed */
  readonly bytes: number;
}

async function readBatch(batch: RecordBatch, from: bigint, maxBytes: number): Promise<ReadBatch> {
  if (!isIntact(batch)) throw new UnreadableBatch(batch, "its checksum is wrong");
  const inWords = (error: unknown): UnreadableBatch =>
    new UnreadableBatch(batch, error instanceof Error ? error.message : String(error), { cause: error });
  if (batch.magic < 2) {
    const { records, bytes } = await recordsOfMessage(batch, maxBytes).catch((error: unknown) => {
      throw inWords(error);
    });
    const wanted = records.filter(({ offset }) => offset >= from);
    return { take: (most) => wanted.splice(0, most), bytes };
  }
  const content = await decompress(batch.codec, batch.body, maxBytes).catch((error: unknown) => {
    throw inWords(error);
  });
  const records = new BatchRecords(batch, content);
  return {
    take: (most) => {
      try {
        return records.take(most, from);
      } catch (error) {
        throw inWords(error);
      }
    },
    bytes: batch.codec === 0 ? 0 : content.length,
  };
}

/** One record for each that the batch's header counts, at its offset, as far as that can be told. */
function unreadable(batch: RecordBatch, from: bigint, error: unknown): (most: number) => LogRecord[] {
  const reason = error instanceof Error ? error.message : String(error);
  const span = batch.lastOffset - batch.baseOffset + 1n;
  const known = batch.count >= 1 && BigInt(batch.count) <= span ? batch.count : 1;
  const count = Math.min(known, MAX_UNREADABLE_RECORDS);
  let given = 0;
  return (most) => {
    const records: LogRecord[] = [];
    for (; given < count && records.length < most; given++) {
      const offset = given === count - 1 ? batch.lastOffset : batch.baseOffset + BigInt(given);
      const more = given === count - 1 && known > count ? ` (and ${known - count} more records of it)` : "";
      if (offset >= from)
        records.push({
          offset,
          timestampMs: Number(batch.maxTimestamp),
          key: null,
          value: null,
          headers: [],
          unreadable: `${reason}${more}`,
        });
    }
    return records;
  };
}
