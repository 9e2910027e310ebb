import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { aRecord } from "../../message/a-record.test-data.ts";
import { observe } from "../observe.ts";
import { NO_RULES } from "../no-rules.test-data.ts";
import { parseB3Single } from "./b3.ts";
import { observedRow, PARENT_ID, SPAN_ID, TRACE_ID, type TraceRow } from "./trace-row.test-data.ts";

/** the low half of the trace id */
const LOW = TRACE_ID.slice(16);

/** Lower-case hex ids of this many digits that are not all zero. */
const hexId = (digits: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits })
    .filter((id) => !/^0+$/.test(id));

const ROWS: readonly TraceRow[] = [
  {
    why: "B3 multi with a parent",
    headers: [
      ["X-B3-TraceId", TRACE_ID],
      ["X-B3-SpanId", SPAN_ID],
      ["X-B3-ParentSpanId", PARENT_ID],
      ["X-B3-Sampled", "1"],
    ],
    origin: "b3",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: PARENT_ID,
  },
  {
    why: "B3: a trace id of 8 bytes is the low half",
    headers: [
      ["x-b3-traceid", LOW],
      ["x-b3-spanid", SPAN_ID],
    ],
    origin: "b3",
    traceId: "0".repeat(16) + LOW,
    spanId: SPAN_ID,
  },
  {
    why: "B3 single with parent",
    headers: [["b3", `${TRACE_ID}-${SPAN_ID}-1-${PARENT_ID}`]],
    origin: "b3",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: PARENT_ID,
  },
  {
    why: "B3 single without parent, as Brave sends to brokers",
    headers: [["b3", `${TRACE_ID}-${SPAN_ID}-1`]],
    origin: "b3",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: null,
  },
  {
    why: "B3 single without a decision",
    headers: [["b3", `${TRACE_ID}-${SPAN_ID}`]],
    origin: "b3",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
  },
  { why: "a B3 sampling decision alone has no trace", headers: [["b3", "0"]], origin: "none", traceId: null },
  {
    why: "traceparent counts before B3",
    headers: [
      ["b3", `${PARENT_ID}${PARENT_ID}-${PARENT_ID}-1`],
      ["traceparent", `00-${TRACE_ID}-${SPAN_ID}-01`],
    ],
    origin: "w3c",
    traceId: TRACE_ID,
  },
  {
    why: "B3 counts if traceparent is invalid",
    headers: [
      ["traceparent", "junk"],
      ["b3", `${TRACE_ID}-${SPAN_ID}-1`],
    ],
    origin: "b3",
    traceId: TRACE_ID,
  },
];

describe("B3", () => {
  for (const row of ROWS) it(row.why, () => assert.deepEqual(observedRow(row), row));

  it("reads the ids of every valid B3, single and multi", () => {
    fc.assert(
      fc.property(
        hexId(32),
        hexId(16),
        hexId(16),
        fc.constantFrom("0", "1", "d"),
        (traceId, spanId, parentSpanId, decision) => {
          const context = { traceId, spanId, parentSpanId };
          assert.deepEqual(parseB3Single(`${traceId}-${spanId}-${decision}-${parentSpanId}`), context);
          const observation = observe(
            aRecord({
              headers: [
                ["x-b3-traceid", traceId],
                ["x-b3-spanid", spanId],
                ["x-b3-parentspanid", parentSpanId],
              ],
            }),
            NO_RULES,
          );
          assert.deepEqual(
            { traceId: observation.traceId, spanId: observation.spanId, parentSpanId: observation.parentSpanId },
            context,
          );
        },
      ),
    );
  });
});
