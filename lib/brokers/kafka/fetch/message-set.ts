/** Messages of the formats 0 and 1, which Kafka wrote before version 0.11. */
import type { LogRecord } from "../../ports/log-source.ts";
import { decompress } from "./decompress.ts";
import { batchesOf, type RecordBatch } from "./record-batch.ts";
import { MalformedBatch } from "./records.ts";

/** Offset, length, checksum, magic and attributes; format 1 has a timestamp behind them. */
const HEADER_BYTES = 18;
const TIMESTAMP_BYTES = 8;

/**
 * The records of a message: itself, or those compressed in it. Format 0 has no time, which is -1. Rejects with the
 * reason when they cannot be read; `bytes` of decompressed content, at most `maxBytes`.
 */
export async function recordsOfMessage(
  message: RecordBatch,
  maxBytes: number,
): Promise<{ readonly records: LogRecord[]; readonly bytes: number }> {
  const { key, value } = contentOf(message);
  if (message.codec === 0) return { records: [recordOf(message, message.baseOffset, key, value)], bytes: 0 };
  if (value === null) throw new MalformedBatch("a compressed message has no content");
  const content = await decompress(message.codec, value, maxBytes);
  const inner = [...batchesOf(content)];
  // Format 1 counts the inner offsets from 0; the outer offset is that of the last. Format 0 keeps them as they are.
  const last = inner.at(-1)?.baseOffset ?? 0n;
  const shift = message.magic === 1 ? message.baseOffset - last : 0n;
  const records = inner.map((one) => {
    if (one.magic > 1 || one.codec !== 0) throw new MalformedBatch("a compressed message holds no plain messages");
    const own = contentOf(one);
    const at = message.hasLogAppendTime ? { ...one, maxTimestamp: message.maxTimestamp } : one;
    return recordOf(at, one.baseOffset + shift, own.key, own.value);
  });
  return { records, bytes: content.length };
}

const recordOf = (
  { maxTimestamp }: Pick<RecordBatch, "maxTimestamp">,
  offset: bigint,
  key: Buffer | null,
  value: Buffer | null,
): LogRecord => ({ offset, timestampMs: Number(maxTimestamp), key, value, headers: [] });

function contentOf({ magic, body }: RecordBatch): { readonly key: Buffer | null; readonly value: Buffer | null } {
  let at = HEADER_BYTES + (magic === 1 ? TIMESTAMP_BYTES : 0);
  const next = (): Buffer | null => {
    if (at + 4 > body.length) throw new MalformedBatch("a message ends in the middle of a length");
    const length = body.readInt32BE(at);
    at += 4;
    if (length === -1) return null;
    if (length < 0 || at + length > body.length) throw new MalformedBatch("a length points outside its message");
    at += length;
    return body.subarray(at - length, at);
  };
  return { key: next(), value: next() };
}
