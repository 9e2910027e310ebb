/**
 * The batches in the `records` of a Fetch answer, by their headers only: message format 2 (Kafka 0.11 and later), and
 * 0 and 1, in which old segments may still lie. https://kafka.apache.org/documentation/#recordbatch
 */
import { crc32 } from "node:zlib";
import { crc32c, Reader } from "@platformatic/kafka";

// Offset, length, leader epoch and magic: enough to find the next batch of any format.
const MAGIC_AT = 16;
const LENGTH_ENDS_AT = 12;
const V2_HEADER_BYTES = 61;
const V2_CRC_COVERS_FROM = 21;
const MESSAGE_CRC_AT = 12;
const MESSAGE_MAGIC_AT = 16;
const MESSAGE_ATTRIBUTES_AT = 17;

const CODEC = 0b111;
const LOG_APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;

export interface RecordBatch {
  readonly magic: number;
  readonly baseOffset: bigint;
  /** of the last record that was in it, also when compaction has removed that one */
  readonly lastOffset: bigint;
  /** -1: formats 0 and 1 do not tell */
  readonly leaderEpoch: number;
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd */
  readonly codec: number;
  /** all of its records have `maxTimestamp` */
  readonly hasLogAppendTime: boolean;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  /** milliseconds, any 64-bit value */
  readonly baseTimestamp: bigint;
  readonly maxTimestamp: bigint;
  /** -1: its producer is not idempotent */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** records in it; of formats 0 and 1, in which it is one message, 1 */
  readonly count: number;
  /** of format 2 the records, compressed by the codec; of 0 and 1 the whole message */
  readonly body: Buffer;
  /** the bytes that the checksum is of, and the checksum */
  readonly checked: Buffer;
  readonly crc: number;
}

/**
 * The complete batches in order. A broker may cut the last one off: it is left out. Throws a RangeError when the bytes
 * are no batches.
 */
export function* batchesOf(records: Buffer): Generator<RecordBatch> {
  for (let at = 0; at + MAGIC_AT < records.length; ) {
    const end = at + LENGTH_ENDS_AT + records.readInt32BE(at + 8);
    if (end > records.length) return;
    if (end <= at + MAGIC_AT) throw new RangeError("a batch is shorter than its header");
    const magic = records.readInt8(at + MAGIC_AT);
    const bytes = records.subarray(at, end);
    if (magic === 2) yield batchOf(bytes);
    else if (magic === 0 || magic === 1) yield messageOf(bytes, magic);
    else throw new RangeError(`message format ${magic} is not known`);
    at = end;
  }
}

/** Whether the batch is as its producer wrote it. Format 2 uses CRC-32C, the older ones CRC-32. */
export const isIntact = ({ magic, checked, crc }: RecordBatch): boolean =>
  // Bytes in the client's own buffer type are not copied.
  (magic === 2 ? crc32c(Reader.from(checked).buffer) : crc32(checked)) === crc;

function batchOf(bytes: Buffer): RecordBatch {
  if (bytes.length < V2_HEADER_BYTES) throw new RangeError("a batch is shorter than its header");
  const baseOffset = bytes.readBigInt64BE(0);
  const attributes = bytes.readInt16BE(21);
  return {
    magic: 2,
    baseOffset,
    lastOffset: baseOffset + BigInt(bytes.readInt32BE(23)),
    leaderEpoch: bytes.readInt32BE(12),
    codec: attributes & CODEC,
    hasLogAppendTime: (attributes & LOG_APPEND_TIME) !== 0,
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    baseTimestamp: bytes.readBigInt64BE(27),
    maxTimestamp: bytes.readBigInt64BE(35),
    producerId: bytes.readBigInt64BE(43),
    producerEpoch: bytes.readInt16BE(51),
    count: bytes.readInt32BE(57),
    body: bytes.subarray(V2_HEADER_BYTES),
    checked: bytes.subarray(V2_CRC_COVERS_FROM),
    crc: bytes.readUInt32BE(17),
  };
}

/** A message of format 0 or 1. A compressed one holds further messages; its offset is that of the last of them. */
function messageOf(bytes: Buffer, magic: number): RecordBatch {
  const timestampBytes = magic === 1 ? 8 : 0;
  if (bytes.length < MESSAGE_ATTRIBUTES_AT + 1 + timestampBytes + 8)
    throw new RangeError("a message is shorter than its header");
  const offset = bytes.readBigInt64BE(0);
  const attributes = bytes.readInt8(MESSAGE_ATTRIBUTES_AT);
  const timestamp = magic === 1 ? bytes.readBigInt64BE(MESSAGE_ATTRIBUTES_AT + 1) : -1n;
  return {
    magic,
    baseOffset: offset,
    lastOffset: offset,
    leaderEpoch: -1,
    codec: attributes & CODEC,
    hasLogAppendTime: (attributes & LOG_APPEND_TIME) !== 0,
    isTransactional: false,
    isControl: false,
    baseTimestamp: timestamp,
    maxTimestamp: timestamp,
    producerId: -1n,
    producerEpoch: -1,
    count: 1,
    body: bytes,
    checked: bytes.subarray(MESSAGE_MAGIC_AT),
    crc: bytes.readUInt32BE(MESSAGE_CRC_AT),
  };
}
