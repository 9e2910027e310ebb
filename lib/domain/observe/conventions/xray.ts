import { isLowerHex, paddedId } from "../../message/trace.ts";
import type { TraceContext, TraceConvention } from "./convention.ts";

/**
 * Parses an X-Ray header, Root=1-<8 hex>-<24 hex>;Parent=<16 hex>;…, with its fields in any order. The trace id is
 * the 8 and the 24 digits joined.
 */
function parseXray(text: string): TraceContext | null {
  let traceId: string | null = null;
  let spanId: string | null = null;
  for (const part of text.split(";")) {
    const field = part.trim();
    if (field.startsWith("Root=1-") && field.length === 40 && field.charAt(15) === "-") {
      const id = field.slice(7, 15) + field.slice(16);
      traceId = isLowerHex(id, 0, 32) ? paddedId(id, 32) : null;
    } else if (field.startsWith("Parent=") && field.length === 23) {
      spanId = paddedId(field.slice(7), 16);
    }
  }
  return traceId === null ? null : { traceId, spanId, parentSpanId: null };
}

export const xray: TraceConvention = {
  origin: "xray",
  markers: ["awstraceheader", "x-amzn-trace-id"],
  read(headers) {
    const text = headers.text("awstraceheader", 512) ?? headers.text("x-amzn-trace-id", 512);
    return text === null ? null : parseXray(text);
  },
};
