import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { schemaRuleOf } from "./schema-rule.ts";

const RULES = [
  { type: "order.placed", version: "2", file: "placed-2" },
  { type: "order.placed", file: "placed" },
  { type: "refund.*", topic: "refunds-eu", file: "refund-eu" },
  { topic: "payments*", file: "payment" },
];

describe("schemaRuleOf", () => {
  for (const [type, version, topic, expected] of [
    ["order.placed", "2", "orders", "placed-2"],
    ["order.placed", "3", "orders", "placed"],
    ["order.placed", null, "orders", "placed"],
    ["order.placed", null, "payments", "placed"],
    ["refund.made", null, "refunds-eu", "refund-eu"],
    ["refund.made", null, "refunds-us", undefined],
    [null, null, "refunds-eu", undefined],
    [null, null, "payments-eu", "payment"],
    [null, "2", "orders", undefined],
  ] as const) {
    it(`${type} v${version} on ${topic}: ${expected}`, () =>
      assert.equal(schemaRuleOf(RULES, { type, version, topic })?.file, expected));
  }
});
