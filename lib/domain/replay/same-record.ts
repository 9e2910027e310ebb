/** Whether what lies at an offset is what was seen there: a topic may have been made anew, or cut short, since. */
import { sizeOf } from "../observe/size.ts";
import type { Headers } from "../message/headers.ts";
import { storableTimeMs } from "../message/times.ts";
import { readableKey, storableKey } from "../text/text.ts";

/** What is kept of a record that was seen. */
export interface SeenRecord {
  readonly key: string | null;
  /** as stored: between 1970 and 9999; null: not known */
  readonly atMs: number | null;
  readonly sizeBytes: number | null;
}

export function isSameRecord(
  record: {
    readonly key: Uint8Array | null;
    readonly value: Uint8Array | null;
    readonly headers: Headers;
    readonly timestampMs: number;
    readonly headersLeftOut?: number;
  },
  { key, atMs, sizeBytes }: SeenRecord,
): boolean {
  if (atMs === null) return true;
  const own = readableKey(record.key);
  return (
    storableTimeMs(record.timestampMs) === atMs &&
    (own === null ? null : storableKey(own)) === key &&
    // Of a record with very many headers only some are read.
    (sizeBytes === null || record.headersLeftOut !== undefined || sizeOf(record) === sizeBytes)
  );
}
