import { textOf } from "#lib/domain/message/header-text.ts";
import { isLowerHex, paddedId } from "../../message/trace.ts";
import type { TraceContext, TraceConvention } from "./convention.ts";

const UINT64 = /^[0-9]{1,20}$/;
const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;

/**
 * Datadog writes the low 64 bits of the trace id and the span id in decimal; the upper 64 bits of the trace id are hex,
 * in the tag `_dd.p.tid`.
 */
function parseDatadog(trace: string, parent: string | null, tags: string | null): TraceContext | null {
  const low = hexOfDecimal(trace);
  if (low === null) return null;
  const traceId = paddedId(upperHalf(tags) + low, 32);
  const spanId = parent === null ? null : hexOfDecimal(parent);
  return traceId === null
    ? null
    : { traceId, spanId: spanId === null ? null : paddedId(spanId, 16), parentSpanId: null };
}

function hexOfDecimal(text: string): string | null {
  if (!UINT64.test(text)) return null;
  const value = BigInt(text);
  return value > MAX_UINT64 ? null : value.toString(16).padStart(16, "0");
}

function upperHalf(tags: string | null): string {
  for (const tag of (tags ?? "").split(",")) {
    const value = tag.trim();
    if (value.startsWith("_dd.p.tid=") && value.length === 26 && isLowerHex(value, 10, 26)) return value.slice(10);
  }
  return "";
}

/** On SQS and SNS the whole trace context is one attribute, as JSON. */
function parseJsonContext(json: string): TraceContext | null {
  let context: unknown;
  try {
    context = JSON.parse(json);
  } catch {
    return null; // Not JSON: no trace context.
  }
  if (typeof context !== "object" || context === null) return null;
  const field = (name: string): string | null => {
    const value: unknown = Object.hasOwn(context, name) ? (context as Record<string, unknown>)[name] : null;
    return typeof value === "string" ? value : null;
  };
  const trace = field("x-datadog-trace-id");
  return trace === null ? null : parseDatadog(trace, field("x-datadog-parent-id"), field("x-datadog-tags"));
}

export const datadog: TraceConvention = {
  origin: "datadog",
  markers: ["x-datadog-trace-id", "_datadog"],
  read(headers) {
    const trace = headers.text("x-datadog-trace-id", 64);
    if (trace !== null)
      return parseDatadog(trace, headers.text("x-datadog-parent-id", 64), headers.text("x-datadog-tags", 1024));
    const json = textOf(headers.last("_datadog"), 4096);
    return json === null ? null : parseJsonContext(json);
  },
};
