import type { DeadLetterRow } from "./row.test-data.ts";
import { springDlt } from "./spring.test-data.ts";

/** Several formats on one record, or none. */
export const GENERAL_ROWS: readonly DeadLetterRow[] = [
  {
    why: "two frameworks: the later headers belong to the newer failure",
    topic: "connect-dlq",
    headers: [...springDlt, ["__connect.errors.topic", "orders-dlt"], ["__connect.errors.exception.class.name", "X.Y"]],
    expected: { format: "kafka-connect" },
  },
  {
    why: "a framework's headers count before the broker's",
    topic: "dead",
    headers: [
      ["x-exception-message", "boom"],
      ["x-original-exchange", "shop"],
      ["x-first-death-queue", "orders"],
    ],
    expected: { format: "spring-amqp" },
  },
  {
    why: "a declared topic, no headers",
    topic: "parking",
    headers: [],
    rules: { deadLetterTopics: [{ topic: "park*", source: "orders", group: "payments" }] },
    expected: { format: "declared", originalTopic: "orders", consumerGroup: "payments", message: null },
  },
  {
    why: "the declaration supplies what the headers lack",
    topic: "parking",
    headers: [["__streams.errors.topic", "orders"]],
    rules: { deadLetterTopics: [{ topic: "parking", source: "other", group: "payments" }] },
    expected: { originalTopic: "orders", consumerGroup: "payments" },
  },
  {
    why: "only the topic's name identifies it",
    topic: "orders.DLQ",
    headers: [],
    expected: { format: "topic-name", originalTopic: "orders" },
  },
  { why: "an ordinary event on an ordinary topic", topic: "orders", headers: [["ce_id", "1"]], expected: null },
  { why: "a topic whose name only begins like a dead-letter topic", topic: "dlq.alerts", headers: [], expected: null },
  {
    why: "an ordinary event on a retry topic",
    topic: "orders-retry",
    headers: [],
    expected: null,
    retryHop: false,
  },
];
