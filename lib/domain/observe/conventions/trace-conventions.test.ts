import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { observedRow, PARENT_ID, SPAN_ID, TRACE_ID, type TraceRow } from "./trace-row.test-data.ts";

/** the low half of the trace id */
const LOW = TRACE_ID.slice(16);

const ROWS: readonly TraceRow[] = [
  {
    why: "Jaeger: ids are padded",
    headers: [["uber-trace-id", "1a2b:3c:0:1"]],
    origin: "jaeger",
    traceId: "1a2b".padStart(32, "0"),
    spanId: "3c".padStart(16, "0"),
    parentSpanId: null,
  },
  {
    why: "Jaeger: with a parent",
    headers: [["uber-trace-id", `${TRACE_ID}:${SPAN_ID}:${PARENT_ID}:1`]],
    origin: "jaeger",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: PARENT_ID,
  },
  {
    why: "Jaeger: colons may be URL-encoded",
    headers: [["uber-trace-id", `${TRACE_ID}%3A${SPAN_ID}%3A0%3A1`]],
    origin: "jaeger",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
  },
  {
    why: "Datadog: decimal, with the upper half in a tag",
    origin: "datadog",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    headers: [
      ["x-datadog-trace-id", BigInt(`0x${LOW}`).toString()],
      ["x-datadog-parent-id", BigInt(`0x${SPAN_ID}`).toString()],
      ["x-datadog-tags", `_dd.p.dm=-1,_dd.p.tid=${TRACE_ID.slice(0, 16)}`],
    ],
  },
  {
    why: "Datadog: 64 bits without the tag",
    headers: [["x-datadog-trace-id", "255"]],
    origin: "datadog",
    traceId: "ff".padStart(32, "0"),
    spanId: null,
  },
  { why: "Datadog: zero is no trace", headers: [["x-datadog-trace-id", "0"]], origin: "none", traceId: null },
  {
    why: "Datadog: more than 64 bits is invalid",
    headers: [["x-datadog-trace-id", "99999999999999999999"]],
    origin: "none",
    traceId: null,
  },
  {
    why: "Datadog on SQS: one JSON attribute",
    headers: [["_datadog", '{"x-datadog-trace-id":"255","x-datadog-parent-id":"16"}']],
    origin: "datadog",
    traceId: "ff".padStart(32, "0"),
    spanId: "10".padStart(16, "0"),
  },
  {
    why: "X-Ray: the root holds the trace id in two parts",
    headers: [["AWSTraceHeader", `Root=1-${TRACE_ID.slice(0, 8)}-${TRACE_ID.slice(8)};Parent=${SPAN_ID};Sampled=1`]],
    origin: "xray",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
  },
  {
    why: "X-Ray: fields in any order",
    headers: [
      [
        "X-Amzn-Trace-Id",
        `Sampled=0;Parent=${SPAN_ID};Root=1-${TRACE_ID.slice(0, 8)}-${TRACE_ID.slice(8)};Lineage=a:0`,
      ],
    ],
    origin: "xray",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
  },
  {
    why: "CloudEvents: the tracing extension",
    headers: [["ce_traceparent", `00-${TRACE_ID}-${SPAN_ID}-01`]],
    origin: "cloudevents",
    traceId: TRACE_ID,
  },
  {
    why: "CloudEvents on AMQP: names with a colon",
    headers: [["cloudEvents:traceparent", `00-${TRACE_ID}-${SPAN_ID}-01`]],
    origin: "cloudevents",
    traceId: TRACE_ID,
  },
  {
    why: "the transport's trace context counts before that of CloudEvents",
    headers: [
      ["ce_traceparent", `00-${TRACE_ID}-${PARENT_ID}-01`],
      ["traceparent", `00-${TRACE_ID}-${SPAN_ID}-01`],
    ],
    origin: "w3c",
    spanId: SPAN_ID,
  },
  {
    why: "MassTransit: the activity id is a traceparent",
    headers: [["MT-Activity-Id", `00-${TRACE_ID}-${SPAN_ID}-01`]],
    origin: "masstransit",
    traceId: TRACE_ID,
    spanId: SPAN_ID,
  },
  { why: "no header, no trace", headers: [], origin: "none", traceId: null, spanId: null },
];

describe("trace conventions", () => {
  for (const row of ROWS) it(row.why, () => assert.deepEqual(observedRow(row), row));
});
