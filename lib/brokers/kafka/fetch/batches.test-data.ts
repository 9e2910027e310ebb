/** Record batches as a broker stores them, written field by field: for what no client writes of its own accord. */
import { crc32, gzipSync } from "node:zlib";
import { crc32c, Reader } from "@platformatic/kafka";

export interface WrittenRecord {
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
  readonly headers?: readonly (readonly [name: string, value: Buffer | null])[];
  /** default: the index in its batch */
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
}

export interface WrittenBatch {
  readonly baseOffset: bigint;
  readonly records: readonly WrittenRecord[];
  readonly producerId?: bigint;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  readonly isGzipped?: boolean;
  readonly hasLogAppendTime?: boolean;
  readonly lastOffsetDelta?: number;
  readonly baseTimestamp?: bigint;
  readonly maxTimestamp?: bigint;
  readonly leaderEpoch?: number;
}

export function varint(n: number): Buffer {
  const bytes: number[] = [];
  let left = n >= 0 ? n * 2 : -n * 2 - 1;
  for (; left > 0x7f; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80);
  return Buffer.from([...bytes, left]);
}

const nullable = (bytes: Buffer | null): Buffer =>
  bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);

export function recordBytes(record: WrittenRecord, index: number): Buffer {
  const { key = null, value = null, headers = [], offsetDelta = index, timestampDelta = 0 } = record;
  const content = Buffer.concat([
    Buffer.of(0),
    varint(timestampDelta),
    varint(offsetDelta),
    nullable(key),
    nullable(value),
    varint(headers.length),
    ...headers.flatMap(([name, bytes]) => [nullable(Buffer.from(name)), nullable(bytes)]),
  ]);
  return Buffer.concat([varint(content.length), content]);
}

/** `body`: instead of the records, as they would be before compression. */
export function batchBytes(batch: WrittenBatch, body: Buffer = Buffer.concat(batch.records.map(recordBytes))): Buffer {
  const content = batch.isGzipped === true ? gzipSync(body) : body;
  const bytes = Buffer.concat([Buffer.alloc(61), content]);
  const attributes =
    (batch.isGzipped === true ? 1 : 0) |
    (batch.hasLogAppendTime === true ? 8 : 0) |
    (batch.isTransactional === true ? 16 : 0) |
    (batch.isControl === true ? 32 : 0);
  bytes.writeBigInt64BE(batch.baseOffset, 0);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt32BE(batch.leaderEpoch ?? 0, 12);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(attributes, 21);
  bytes.writeInt32BE(batch.lastOffsetDelta ?? Math.max(0, batch.records.length - 1), 23);
  bytes.writeBigInt64BE(batch.baseTimestamp ?? 1000n, 27);
  bytes.writeBigInt64BE(batch.maxTimestamp ?? 1000n, 35);
  bytes.writeBigInt64BE(batch.producerId ?? -1n, 43);
  bytes.writeInt32BE(batch.records.length, 57);
  bytes.writeUInt32BE(crc32c(Reader.from(bytes.subarray(21)).buffer), 17);
  return bytes;
}

/** The marker that ends a transaction. */
export const markerBytes = (baseOffset: bigint, producerId: bigint, kind: "abort" | "commit"): Buffer =>
  batchBytes({
    baseOffset,
    producerId,
    isTransactional: true,
    isControl: true,
    records: [{ key: Buffer.from([0, 0, 0, kind === "abort" ? 0 : 1]), value: Buffer.alloc(6) }],
  });

/** A message of format 0 or 1; `inner`: messages that it holds compressed. */
export function messageBytes(
  magic: 0 | 1,
  offset: bigint,
  { key = null, value = null, timestamp = 1000n }: { key?: Buffer | null; value?: Buffer | null; timestamp?: bigint },
  isGzipped = false,
): Buffer {
  const field = (bytes: Buffer | null): Buffer => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes?.length ?? -1);
    return bytes === null ? length : Buffer.concat([length, bytes]);
  };
  const time = Buffer.alloc(magic === 1 ? 8 : 0);
  if (magic === 1) time.writeBigInt64BE(timestamp);
  const content = Buffer.concat([Buffer.of(magic, isGzipped ? 1 : 0), time, field(key), field(value)]);
  const head = Buffer.alloc(16);
  head.writeBigInt64BE(offset, 0);
  head.writeInt32BE(content.length + 4, 8);
  head.writeUInt32BE(crc32(content), 12);
  return Buffer.concat([head, content]);
}
