import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bigEndian } from "../../message/a-record.test-data.ts";
import { conversationIdOf } from "../../message/trace.ts";
import { observed, headersOf, type MessageRow } from "./message-row.test-data.ts";

const ROWS: readonly MessageRow[] = [
  {
    why: "Axon: the metadata's correlationId is the cause, its traceId the conversation",
    headers: headersOf(
      ["axon-message-id", "m2"],
      ["axon-message-type", "com.acme.OrderPlaced"],
      ["axon-message-revision", "2"],
      ["axon-message-timestamp", bigEndian(1_700_000_000_000n, 8)],
      ["axon-metadata-correlationId", "m1"],
      ["axon-metadata-traceId", "m0"],
    ),
    expected: {
      messageId: "m2",
      causationId: "m1",
      conversationId: conversationIdOf("m0"),
      eventType: "OrderPlaced",
      schemaVersion: "2",
      createdAtMs: 1_700_000_000_000,
    },
  },
  {
    why: "Axon: the first message of a flow gives it its id",
    headers: headersOf(["axon-message-id", "m0"]),
    expected: { conversationId: conversationIdOf("m0") },
  },
  {
    why: "Spring: a class name becomes its short name, with or without quotes",
    headers: headersOf(["__TypeId__", '"com.acme.orders.OrderPlaced"']),
    expected: { eventType: "OrderPlaced" },
  },
  {
    why: "Spring: a type alias is not shortened",
    headers: headersOf(["__TypeId__", "order.placed"]),
    expected: { eventType: "order.placed" },
  },
  {
    why: "Spring: a map is no event type",
    headers: headersOf(["__TypeId__", "java.util.LinkedHashMap"]),
    expected: { eventType: null },
  },
  {
    why: "Spring: the default correlation id is 16 raw bytes",
    headers: headersOf(["kafka_correlationId", new Uint8Array(16).fill(0xab)]),
    expected: { conversationId: "ab".repeat(16) },
  },
  {
    why: "Debezium outbox",
    headers: headersOf(["id", "o-1"], ["eventType", "OrderPlaced"]),
    expected: { messageId: "o-1", eventType: "OrderPlaced" },
  },
  {
    why: "Eventuate",
    headers: headersOf(["ID", "e-1"], ["event-type", "com.acme.OrderPlaced"], ["event-aggregate-type", "Order"]),
    expected: { messageId: "e-1", eventType: "OrderPlaced" },
  },
];

describe("conventions of JVM libraries", () => {
  for (const row of ROWS) it(row.why, () => assert.deepEqual(observed(row), row.expected));
});
