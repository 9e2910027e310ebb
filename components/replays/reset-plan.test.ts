import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OffsetResetPlanInput } from "#lib/contracts/replays.ts";
import { resetPlan, type ResetChoice } from "./reset-plan.ts";

const GROUP = { cluster: "prod", group: "payments" };
const choose = (over: Partial<ResetChoice>): ResetChoice => ({ how: "earliest", topic: null, partition: null, offset: "", shift: "", from: "", ...over });

describe("resetPlan", () => {
  for (const [why, choice, to] of [
    ["earliest", choose({}), { how: "earliest" }],
    ["an offset beyond what a number holds", choose({ how: "offset", offset: "9223372036854775807" }), { how: "offset", offset: "9223372036854775807" }],
    ["a typographic minus", choose({ how: "shift", shift: "−100" }), { how: "shift", by: "-100" }],
    ["a plus", choose({ how: "shift", shift: "+1" }), { how: "shift", by: "1" }],
  ] as const) {
    it(`${why} is a plan the API takes`, () => {
      const plan = resetPlan(GROUP, choice);
      assert.ok(plan.ok);
      assert.deepEqual(OffsetResetPlanInput.parse(plan.value).to, to);
    });
  }
  it("a time is the reader's own", () => {
    const plan = resetPlan(GROUP, choose({ how: "timestamp", from: "2026-11-21T03:00:05" }));
    assert.deepEqual(plan.ok && plan.value.to, { how: "timestamp", at: new Date(2026, 10, 21, 3, 0, 5).toISOString() });
  });
  it("one partition of one topic", () => {
    const plan = resetPlan(GROUP, choose({ topic: "orders", partition: 3 }));
    assert.deepEqual(plan.ok && plan.value.topics, [{ topic: "orders", partitions: [3] }]);
  });
  for (const choice of [choose({ how: "offset" }), choose({ how: "offset", offset: "-1" }), choose({ how: "shift", shift: "0" }), choose({ how: "shift", shift: "1e3" }), choose({ how: "timestamp", from: "soon" })]) {
    it(`says what is missing: ${choice.how} “${choice.offset}${choice.shift}${choice.from}”`, () => assert.equal(resetPlan(GROUP, choice).ok, false));
  }
});
