/**
 * Records that replace a batch that cannot be decompressed: one for each record that the batch header counts, at the
 * same offsets. So the reader can report which records it could not read, and go on after them.
 */

// Record batch v2, read backwards from its records: count, base sequence, producer epoch and id, two timestamps,
// last offset delta.
const COUNT_AT = -4;
const LAST_OFFSET_DELTA_AT = -38;
const MAX_RECORDS = 1_000_000;
const MAX_RECORD_BYTES = 16;

const reasons = new WeakMap<ArrayBufferLike, string>();

/** Why a value's record could not be read; null for every record that could. */
export const unreadableReason = (value: Uint8Array | null): string | null =>
  value === null ? null : (reasons.get(value.buffer) ?? null);

/** The records KafkaJS decodes instead. `compressed` must be a view into its batch; null when it is not. */
export function standInFor(compressed: Buffer, reason: string): Buffer | null {
  const batchBytes = -LAST_OFFSET_DELTA_AT;
  if (compressed.byteOffset < batchBytes) return null;
  const head = Buffer.from(compressed.buffer, compressed.byteOffset - batchBytes, batchBytes);
  const count = head.readInt32BE(batchBytes + COUNT_AT);
  const lastDelta = head.readInt32BE(0);
  if (count < 1 || count > MAX_RECORDS || lastDelta < count - 1) return null;
  // Not from Buffer's shared pool: the reason is found by the memory in which the records lie.
  const records = Buffer.from(new ArrayBuffer(count * MAX_RECORD_BYTES));
  let at = 0;
  for (let i = 0; i < count; i++) at = writeRecord(records, at, i === count - 1 ? lastDelta : i);
  reasons.set(records.buffer, reason);
  return records;
}

/** Record v2: length, attributes, timestamp delta, offset delta, no key, a value of one byte, no headers. */
function writeRecord(target: Buffer, start: number, offsetDelta: number): number {
  let at = start + 1;
  target[at++] = 0;
  target[at++] = 0;
  let zigZag = offsetDelta * 2;
  while (zigZag > 0x7f) {
    target[at++] = (zigZag % 0x80) | 0x80;
    zigZag = Math.floor(zigZag / 0x80);
  }
  target[at++] = zigZag;
  target[at++] = 1; // key length -1
  target[at++] = 2; // value length 1
  target[at++] = 0;
  target[at++] = 0;
  target[start] = (at - start - 1) * 2;
  return at;
}
