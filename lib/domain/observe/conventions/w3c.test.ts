import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { observedRow, PARENT_ID, SPAN_ID, TRACE_ID, type TraceRow } from "./trace-row.test-data.ts";
import { parseTraceparent } from "./w3c.ts";

/** Lower-case hex ids of this many digits that are not all zero. */
const hexId = (digits: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits })
    .filter((id) => !/^0+$/.test(id));

const ROWS: readonly TraceRow[] = [
  {
    why: "a plain traceparent",
    headers: [["traceparent", `00-${TRACE_ID}-${SPAN_ID}-01`]],
    origin: "w3c",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
  },
  {
    why: "flags are bits: 03 also marks a random trace id",
    headers: [["traceparent", `00-${TRACE_ID}-${SPAN_ID}-03`]],
    origin: "w3c",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
  },
  {
    why: "header names have no case",
    headers: [["TraceParent", `00-${TRACE_ID}-${SPAN_ID}-00`]],
    origin: "w3c",
    traceId: TRACE_ID,
  },
  {
    why: "of two values, the last is the newest hop",
    headers: [
      ["traceparent", `00-${TRACE_ID}-${PARENT_ID}-01`],
      ["traceparent", `00-${TRACE_ID}-${SPAN_ID}-01`],
    ],
    origin: "w3c",
    spanId: SPAN_ID,
  },
  {
    why: "an invalid last value: the one before it counts",
    headers: [
      ["traceparent", `00-${TRACE_ID}-${PARENT_ID}-01`],
      ["traceparent", "oops"],
    ],
    origin: "w3c",
    spanId: PARENT_ID,
  },
  {
    why: "a JSON string, as Spring may write it",
    headers: [["traceparent", `"00-${TRACE_ID}-${SPAN_ID}-01"`]],
    origin: "w3c",
    traceId: TRACE_ID,
  },
  {
    why: "a later version may have more fields",
    headers: [["traceparent", `cc-${TRACE_ID}-${SPAN_ID}-01-what-comes`]],
    origin: "w3c",
    traceId: TRACE_ID,
  },
  {
    why: "a later version must separate its further fields",
    headers: [["traceparent", `cc-${TRACE_ID}-${SPAN_ID}-01x`]],
    origin: "none",
    traceId: null,
  },
  {
    why: "version 00 has no further fields",
    headers: [["traceparent", `00-${TRACE_ID}-${SPAN_ID}-01-more`]],
    origin: "none",
    traceId: null,
  },
  {
    why: "version ff is forbidden",
    headers: [["traceparent", `ff-${TRACE_ID}-${SPAN_ID}-01`]],
    origin: "none",
    traceId: null,
  },
  {
    why: "upper case is invalid",
    headers: [["traceparent", `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`]],
    origin: "none",
    traceId: null,
  },
  {
    why: "an all-zero trace id is invalid",
    headers: [["traceparent", `00-${"0".repeat(32)}-${SPAN_ID}-01`]],
    origin: "none",
    traceId: null,
  },
  {
    why: "an all-zero span id is invalid",
    headers: [["traceparent", `00-${TRACE_ID}-${"0".repeat(16)}-01`]],
    origin: "none",
    traceId: null,
  },
  { why: "a null value", headers: [["traceparent", null]], origin: "none", traceId: null },
];

describe("traceparent", () => {
  for (const row of ROWS) it(row.why, () => assert.deepEqual(observedRow(row), row));

  it("reads the ids of every valid traceparent, with any flags", () => {
    fc.assert(
      fc.property(hexId(32), hexId(16), fc.integer({ min: 0, max: 255 }), (traceId, spanId, flags) => {
        assert.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-${flags.toString(16).padStart(2, "0")}`), {
          traceId,
          spanId,
          parentSpanId: null,
        });
      }),
    );
  });

  it("reads ids only from a valid traceparent", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const context = parseTraceparent(text);
        assert.ok(
          context === null || text.startsWith(`${text.slice(0, 2)}-${context.traceId}-${context.spanId ?? ""}`),
        );
      }),
    );
  });
});
