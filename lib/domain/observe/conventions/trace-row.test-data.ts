import { aRecord, type HeaderRow } from "../../message/a-record.test-data.ts";
import type { Observation } from "../observation.ts";
import { observe } from "../observe.ts";
import { NO_RULES } from "../no-rules.test-data.ts";

export const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
export const SPAN_ID = "b7ad6b7169203331";
export const PARENT_ID = "00f067aa0ba902b7";

/** Headers, and the trace context read from them; fields left out are not checked. */
export interface TraceRow {
  readonly why: string;
  readonly headers: readonly HeaderRow[];
  readonly origin: Observation["traceOrigin"];
  readonly traceId?: string | null;
  readonly spanId?: string | null;
  readonly parentSpanId?: string | null;
}

/** The fields of a row as they are read from its headers. */
export function observedRow(row: TraceRow): TraceRow {
  const { traceOrigin, traceId, spanId, parentSpanId } = observe(aRecord({ headers: row.headers }), NO_RULES);
  const observed = Object.entries({ traceId, spanId, parentSpanId }).filter(([field]) => field in row);
  return { why: row.why, headers: row.headers, origin: traceOrigin, ...Object.fromEntries(observed) };
}
