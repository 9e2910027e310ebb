import type { LogRecord } from "../../ports/log-source.ts";

/** With bytes of its own: a record that is kept must not keep the whole answer in memory that it was read from. */
export const detachedRecord = (record: LogRecord): LogRecord => ({
  ...record,
  key: copyOf(record.key),
  value: copyOf(record.value),
  headers: record.headers.map(([name, value]) => [name, copyOf(value)]),
});

/** What is most of an answer keeps little else in memory, and a copy would take as much again. */
const copyOf = (bytes: Uint8Array | null): Uint8Array | null =>
  bytes === null || bytes.length > bytes.buffer.byteLength / 2 ? bytes : Buffer.from(bytes);
