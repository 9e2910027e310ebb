import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeadLetterName, isRetryName, isRetryOrDeadLetterName, sourceByName } from "./topic-names.ts";

describe("dead-letter topics by name", () => {
  for (const [topic, source] of [
    ["orders-dlt", "orders"],
    ["orders.DLT", "orders"],
    ["orders-dlt-2", "orders"],
    ["orders-dlt2", "orders"],
    ["orders_dlq", "orders"],
    ["orders.dead-letter", "orders"],
    ["orders-dead-letters", "orders"],
    ["orders-deadletter", "orders"],
    ["orders_dead_letter_queue", "orders"],
    ["orders-dead-letter-topic", "orders"],
    ["orders-retry-dlt", "orders-retry"],
    ["ordersDLQ", "orders"],
    ["ordersDlq", "orders"],
    ["ordersdlq", "orders"],
    ["OrdersDeadLetterQueue", "Orders"],
    ["ordersdeadletter", "orders"],
    ["ORDERS_DLQ", "ORDERS"],
    ["dlq-orders", "orders"],
    ["dlq.orders.eu", "orders.eu"],
    ["DLQ_ORDERS", "ORDERS"],
    ["DLQOrders", "Orders"],
    ["dead-letter-orders", "orders"],
    ["DeadLetter.orders", "orders"],
    ["orders.dlq.v1", "orders.v1"],
    ["orders.dlt.v1", "orders.v1"],
    ["prod.dlq.orders.v2", "prod.orders.v2"],
    ["alerts-dlq", "alerts"],
    ["dlq", null],
    ["dead-letters", null],
    ["DLQ.1", null],
  ] as const)
    it(`${topic} of ${source ?? "any topic"}`, () => {
      assert.deepEqual([isDeadLetterName(topic), sourceByName(topic)], [true, source]);
      assert.deepEqual([isRetryName(topic), isRetryOrDeadLetterName(topic)], [false, true]);
    });

  for (const topic of [
    "orders",
    "deadline",
    "orders-deadline",
    "deadline-letters",
    "dlqueen",
    "DLQueen",
    "adlt",
    "dltx.blocks",
    "dlt.blocks",
    "dlt-transactions",
    "dlq.alerts",
    "orders.dlq.metrics",
    "dead-lettered",
    "dead",
    "letters",
    "orders_error",
    "payments.errors",
    "newsletter",
    "read-letters",
    "adults",
    "",
  ])
    it(`not ${JSON.stringify(topic)}`, () => assert.equal(isDeadLetterName(topic), false));

  it("a topic of dead letters that are tried again is a retry topic", () => {
    assert.ok(isRetryName("orders.dlq.retry") && isRetryName("orders-retry-5000"));
    assert.ok(!isDeadLetterName("orders.dlq.retry"));
  });
  it("takes its time for no name", () => {
    for (const piece of ["dlq-", "dead_", "D", "1", "-.", "dlq1"]) isDeadLetterName(piece.repeat(10_000));
  });
});
