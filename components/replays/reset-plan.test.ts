import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OffsetResetPlanInput } from "#lib/contracts/replay-input.ts";
import { resetPlan, type ResetChoice } from "./reset-plan.ts";

const GROUP = { cluster: "prod", group: "payments" };
const choose = (over: Partial<ResetChoice>): ResetChoice => ({
  how: "earliest",
  topic: null,
  partition: null,
  offset: "",
  shift: "",
  from: "",
  like: "",
  offsetLines: "",
  ...over,
});

describe("resetPlan", () => {
  for (const [why, choice, to] of [
    ["earliest", choose({}), { how: "earliest" }],
    [
      "an offset beyond what a number holds",
      choose({ how: "offset", offset: "9223372036854775807" }),
      { how: "offset", offset: "9223372036854775807" },
    ],
    ["a typographic minus", choose({ how: "shift", shift: "−100" }), { how: "shift", by: "-100" }],
    ["where another group stands", choose({ how: "group", like: " audit " }), { how: "group", group: "audit" }],
    [
      "a place a line",
      choose({ how: "offsets", offsetLines: "orders,0,12\n\n orders , 1 , 9223372036854775807 \n" }),
      {
        how: "offsets",
        offsets: [
          { topic: "orders", partition: 0, offset: "12" },
          { topic: "orders", partition: 1, offset: "9223372036854775807" },
        ],
      },
    ],
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
  for (const choice of [
    choose({ how: "offset" }),
    choose({ how: "offset", offset: "-1" }),
    choose({ how: "shift", shift: "0" }),
    choose({ how: "shift", shift: "1e3" }),
    choose({ how: "timestamp", from: "soon" }),
    choose({ how: "group" }),
    choose({ how: "offsets" }),
    choose({ how: "offsets", offsetLines: "orders,0,12\norders,1" }),
  ]) {
    it(`says what is missing: ${choice.how} “${choice.offset}${choice.shift}${choice.from}${choice.offsetLines}”`, () =>
      assert.equal(resetPlan(GROUP, choice).ok, false));
  }
});
