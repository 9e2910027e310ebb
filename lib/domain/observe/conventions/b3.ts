import type { HeaderIndex } from "../../message/headers.ts";
import { paddedId } from "../../message/trace.ts";
import type { TraceContext, TraceConvention } from "./convention.ts";

const SINGLE = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-[01d](?:-([0-9a-f]{16}))?)?$/i;

/** Parses the single `b3` header (openzipkin/b3-propagation); null for a bare sampling decision or malformed text. */
export function parseB3Single(text: string): TraceContext | null {
  const [, trace, span, parent] = SINGLE.exec(text) ?? [];
  return trace === undefined || span === undefined ? null : contextOf(trace, span, parent ?? null);
}

function contextOf(trace: string, span: string | null, parent: string | null): TraceContext | null {
  // An 8-byte trace id is the low half of a 16-byte one.
  const traceId = trace.length === 16 || trace.length === 32 ? paddedId(trace, 32) : null;
  if (traceId === null) return null;
  return {
    traceId,
    spanId: span === null ? null : paddedId(span, 16),
    parentSpanId: parent === null ? null : paddedId(parent, 16),
  };
}

function readMulti(headers: HeaderIndex): TraceContext | null {
  const trace = headers.text("x-b3-traceid", 64);
  return trace === null
    ? null
    : contextOf(trace, headers.text("x-b3-spanid", 64), headers.text("x-b3-parentspanid", 64));
}

export const b3: TraceConvention = {
  origin: "b3",
  markers: ["b3", "x-b3-traceid"],
  read(headers) {
    const single = headers.text("b3", 256);
    return (single === null ? null : parseB3Single(single)) ?? readMulti(headers);
  },
};
