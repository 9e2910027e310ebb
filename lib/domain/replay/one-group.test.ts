import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { retryTopicOf, type RetryTopic } from "./one-group.ts";

const retry = (topic: string, readers: readonly string[], source: string | null = null): RetryTopic => ({
  topic,
  source,
  readers,
});

describe("retryTopicOf", () => {
  for (const [why, topics, found] of [
    ["nothing known", [], null],
    ["the group's own", [retry("orders-retry", ["payments"])], "orders-retry"],
    ["read as Spring names its retrying groups", [retry("orders-retry-0", ["payments-retry-0"])], "orders-retry-0"],
    [
      "the first of several",
      [
        retry("orders-retry-10", ["payments"]),
        retry("orders-retry-2", ["payments"]),
        retry("orders-retry-1", ["payments"]),
      ],
      "orders-retry-1",
    ],
    ["known by its source, whatever its name", [retry("later", ["payments"], "orders")], "later"],
    ["not one that others read too", [retry("orders-retry", ["payments", "audit"])], null],
    ["not one that nobody reads", [retry("orders-retry", [])], null],
    ["not another topic's", [retry("orders2-retry", ["payments"]), retry("ordersretry", ["payments"])], null],
    ["not another group's whose name begins alike", [retry("orders-retry", ["payments2"])], null],
  ] as const) {
    it(why, () => assert.equal(retryTopicOf("orders", "payments", topics), found));
  }
});
