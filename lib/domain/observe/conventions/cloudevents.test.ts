import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hash64 } from "../../message/hash.ts";
import { conversationIdOf } from "../../message/trace.ts";
import { observed, headersOf, S, T, type MessageRow } from "./message-row.test-data.ts";

const ROWS: readonly MessageRow[] = [
  {
    why: "CloudEvents in binary mode has every fact",
    headers: headersOf(
      ["ce_specversion", "1.0"],
      ["ce_id", "e-1"],
      ["ce_type", "customer.updated"],
      ["ce_source", "/services/customer"],
      ["ce_time", "2024-05-06T07:08:09.123Z"],
      ["ce_dataschema", "https://schemas.example/customer.updated/2"],
      ["ce_causationid", "e-0"],
      ["ce_correlationid", "flow-1"],
      ["traceparent", `00-${T}-${S}-01`],
    ),
    expected: {
      traceId: T,
      traceOrigin: "w3c",
      messageId: "e-1",
      messageRef: hash64("e-1"),
      causationId: "e-0",
      causeRef: hash64("e-0"),
      conversationId: conversationIdOf("flow-1"),
      eventType: "customer.updated",
      schemaVersion: "2",
      service: "customer",
      createdAtMs: Date.UTC(2024, 4, 6, 7, 8, 9, 123),
    },
  },
  {
    why: "CloudEvents on AMQP",
    headers: headersOf(["cloudEvents_id", "a"], ["cloudEvents_type", "t"]),
    expected: { messageId: "a", eventType: "t" },
  },
  {
    why: "CloudEvents: dataversion counts before the version in dataschema",
    headers: headersOf(["ce_type", "t"], ["ce_dataversion", "3"], ["ce_dataschema", "x/2"]),
    expected: { schemaVersion: "3" },
  },
];

describe("CloudEvents", () => {
  for (const row of ROWS) it(row.why, () => assert.deepEqual(observed(row), row.expected));
});
