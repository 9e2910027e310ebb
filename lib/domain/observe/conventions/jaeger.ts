import { paddedId } from "../../message/trace.ts";
import type { TraceContext, TraceConvention } from "./convention.ts";

/**
 * Parses `uber-trace-id`, {trace}:{span}:{parent}:{flags}. Ids may lack leading zeros, and the colons may be
 * URL-encoded.
 */
function parseUberTraceId(text: string): TraceContext | null {
  const parts = text.replaceAll("%3A", ":").replaceAll("%3a", ":").split(":");
  if (parts.length !== 4) return null;
  const [trace = "", span = "", parent = ""] = parts;
  const traceId = paddedId(trace, 32);
  const spanId = paddedId(span, 16);
  return traceId === null || spanId === null ? null : { traceId, spanId, parentSpanId: paddedId(parent, 16) };
}

export const jaeger: TraceConvention = {
  origin: "jaeger",
  markers: ["uber-trace-id"],
  read(headers) {
    const text = headers.text("uber-trace-id", 256);
    return text === null ? null : parseUberTraceId(text);
  },
};
