import type { LogRecord } from "../../ports/log-source.ts";

/** With bytes of its own: a record that is kept must not keep the whole answer in memory that it was read from. */
export const detachedRecord = (record: LogRecord): LogRecord => ({
  ...record,
  key: copyOf(record.key),
  value: copyOf(record.value),
  headers: record.headers.map(([name, value]) => [name, copyOf(value)]),
});

const copyOf = (bytes: Uint8Array | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
