import type { Headers } from "./headers.ts";
import type { RawRecord } from "../observe/observation.ts";

const encoder = new TextEncoder();

export type HeaderRow = readonly [name: string, value: string | Uint8Array | null];

/** UTF-8 bytes of a text. */
export const bytes = (text: string): Uint8Array => encoder.encode(text);

/** Headers from texts or bytes, in the order given. */
export const someHeaders = (...rows: readonly HeaderRow[]): Headers =>
  rows.map(([name, value]) => [name, typeof value === "string" ? bytes(value) : value] as const);

/** Big-endian two's complement of 4 or 8 bytes, as Spring writes its numbers. */
export function bigEndian(value: bigint, length: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  if (length === 8) view.setBigInt64(0, value);
  else view.setInt32(0, Number(value));
  return new Uint8Array(view.buffer);
}

/** A record with only the headers, key and value that the test gives. */
export function aRecord(
  given: Partial<Omit<RawRecord, "headers" | "key" | "value">> & {
    headers?: readonly HeaderRow[];
    key?: string | Uint8Array | null;
    value?: string | Uint8Array | null;
  } = {},
): RawRecord {
  const raw = (value: string | Uint8Array | null | undefined, otherwise: string): Uint8Array | null =>
    value === null ? null : typeof value === "object" ? value : bytes(value ?? otherwise);
  return {
    topic: given.topic ?? "orders",
    key: raw(given.key, "order-1"),
    value: raw(given.value, "{}"),
    headers: someHeaders(...(given.headers ?? [])),
  };
}
