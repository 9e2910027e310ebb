import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { conversationIdOf } from "../../message/trace.ts";
import { observed, headersOf, S, T, type MessageRow } from "./message-row.test-data.ts";

const ROWS: readonly MessageRow[] = [
  {
    why: "a correlation id becomes the trace id if there is no trace",
    headers: headersOf(["correlation-id", "order-7"]),
    expected: {
      traceId: conversationIdOf("order-7"),
      conversationId: conversationIdOf("order-7"),
      traceOrigin: "conversation",
      spanId: null,
    },
  },
  {
    why: "a correlation id that is a trace id joins that trace",
    headers: headersOf(["X-Correlation-Id", T]),
    expected: { traceId: T },
  },
  {
    why: "the conversation is kept beside a trace",
    headers: headersOf(["correlationId", "order-7"], ["traceparent", `00-${T}-${S}-01`]),
    expected: { traceId: T, conversationId: conversationIdOf("order-7") },
  },
  {
    why: "a correlation id that means none is ignored",
    headers: headersOf(["correlation-id", "null"]),
    expected: { traceId: null, conversationId: null, traceOrigin: "none" },
  },
  {
    why: "an all-zero UUID is ignored",
    headers: headersOf(["correlation-id", "00000000-0000-0000-0000-000000000000"]),
    expected: { traceId: null },
  },
  {
    why: "an id of a kilobyte is ignored",
    headers: headersOf(["correlation-id", "x".repeat(1024)]),
    expected: { conversationId: null },
  },
];

describe("conversations", () => {
  for (const row of ROWS) it(row.why, () => assert.deepEqual(observed(row), row.expected));
});
