import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { leftTopics, type Subscriptions } from "./left-topics.ts";

describe("leftTopics", () => {
  const member = { assignment: [{ topic: "orders", partition: 0 }] };
  const stable: Subscriptions = { state: "stable", members: [member], subscription: ["orders"] };
  const cases: readonly [why: string, group: Subscriptions, expected: readonly string[] | null][] = [
    ["a topic that no member subscribes to or has", stable, ["refunds"]],
    ["subscribed, though nobody has a partition of it", { ...stable, subscription: ["orders", "refunds"] }, []],
    ["subscribed by a pattern that the broker does not tell", { ...stable, subscription: [] }, ["refunds"]],
    ["nobody is there", { ...stable, state: "empty", members: [] }, null],
    ["partitions are being divided", { ...stable, state: "rebalancing" }, null],
    ["members of which nothing is told", { ...stable, members: [{ assignment: [] }], subscription: [] }, null],
  ];
  for (const [why, group, expected] of cases)
    it(why, () => {
      const left = leftTopics(group, ["orders", "refunds"]);
      assert.deepEqual(left === null ? null : [...left], expected);
    });
});
