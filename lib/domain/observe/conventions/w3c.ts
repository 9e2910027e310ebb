import { type HeaderIndex } from "../../message/headers.ts";
import { lineOf } from "#lib/domain/message/header-text.ts";
import { isLowerHex } from "../../message/trace.ts";
import type { TraceContext, TraceConvention } from "./convention.ts";

const ZERO_TRACE = "0".repeat(32);
const ZERO_SPAN = "0".repeat(16);
const DASH = 0x2d;

/**
 * Parses a W3C traceparent (W3C Trace Context Level 2, section 3.2). Null if the specification says to ignore it: upper
 * case, all-zero ids, version ff, or a version 00 of another length. Of a later version the first four fields are read.
 * The flags are a bit field and may have any value.
 */
export function parseTraceparent(text: string): TraceContext | null {
  if (text.length < 55 || !isLowerHex(text, 0, 2) || text.startsWith("ff")) return null;
  if (text.charCodeAt(2) !== DASH || text.charCodeAt(35) !== DASH || text.charCodeAt(52) !== DASH) return null;
  if (text.length > 55 && (text.startsWith("00") || text.charCodeAt(55) !== DASH)) return null;
  if (!isLowerHex(text, 3, 35) || !isLowerHex(text, 36, 52) || !isLowerHex(text, 53, 55)) return null;
  const traceId = text.slice(3, 35);
  const spanId = text.slice(36, 52);
  return traceId === ZERO_TRACE || spanId === ZERO_SPAN ? null : { traceId, spanId, parentSpanId: null };
}

/**
 * The last valid traceparent among the values of a header: instrumentation that forwards headers appends its own value
 * after that of the previous hop.
 */
export function newestTraceparent(headers: HeaderIndex, name: string): TraceContext | null {
  const newest = contextOf(headers.last(name));
  if (newest !== null) return newest;
  const values = headers.all(name);
  for (let i = values.length - 2; i >= 0; i--) {
    const context = contextOf(values[i]);
    if (context !== null) return context;
  }
  return null;
}

function contextOf(value: Uint8Array | null | undefined): TraceContext | null {
  const text = lineOf(value, 256);
  return text === null ? null : parseTraceparent(text);
}

export const w3c: TraceConvention = {
  origin: "w3c",
  markers: ["traceparent"],
  read: (headers) => newestTraceparent(headers, "traceparent"),
};
