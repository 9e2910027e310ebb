import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json } from "./json-value.ts";
import { mergeByShape, mergeRuleOf } from "./merge-rule.ts";
import { MAX_STATE_CHARS, nextState, NO_STATE, type Contribution } from "./state.ts";

describe("the merge rule of an event", () => {
  const RULES = [
    { topic: "orders", type: "order.*", merge: "merge_patch" },
    { topic: "*", type: "*.snapshot", merge: "snapshot" },
    { topic: "stock", type: "*", merge: "snapshot" },
  ] as const;
  for (const [topic, type, merge] of [
    ["orders", "order.paid", "merge_patch"],
    ["orders", "order.snapshot", "merge_patch"],
    ["payments", "payment.snapshot", "snapshot"],
    ["stock", null, "snapshot"],
    ["payments", "payment.made", null],
  ] as const) {
    it(`${topic} ${type}: ${merge}`, () => assert.equal(mergeRuleOf(RULES, topic, type)?.merge ?? null, merge));
  }
  const of = (topic: string, ...members: string[]) => ({ topic, members });
  for (const [why, bodies, merge] of [
    ["only one body", [of("a", "x")], "merge_patch"],
    ["the same members, in any order", [of("a", "x", "y"), of("a", "y", "x")], "snapshot"],
    ["different members", [of("a", "x", "y"), of("a", "x")], "merge_patch"],
    ["the same members, but in two topics", [of("a", "x"), of("b", "x")], "merge_patch"],
    ["no bodies", [], "merge_patch"],
  ] as const)
    it(`without a rule: ${why}`, () => assert.equal(mergeByShape(bodies), merge));
});

describe("nextState", () => {
  const body = (value: Json, merge: "snapshot" | "merge_patch" = "merge_patch"): Contribution => ({
    kind: "body",
    value,
    merge,
  });
  const gap: Contribution = { kind: "gap", reason: "the body is gone" };
  const CASES: readonly [
    why: string,
    events: readonly Contribution[],
    value: Json | undefined,
    missing: string | null,
  ][] = [
    ["no events", [], undefined, null],
    ["patches are merged", [body({ a: 1 }), body({ b: 2 }), body({ a: null })], { b: 2 }, null],
    ["a snapshot replaces the state", [body({ a: 1, b: 2 }), body({ a: 3 }, "snapshot")], { a: 3 }, null],
    ["a tombstone deletes the entity", [body({ a: 1 }), { kind: "tombstone" }], undefined, null],
    [
      "an event after a tombstone creates the entity again",
      [body({ a: 1 }), { kind: "tombstone" }, body({ b: 1 })],
      { b: 1 },
      null,
    ],
    ["a copy changes nothing", [body({ a: 1 }), { kind: "copy" }], { a: 1 }, null],
    [
      "after a gap the state is marked as incomplete",
      [body({ a: 1 }), gap, body({ b: 1 })],
      { a: 1, b: 1 },
      "the body is gone",
    ],
    [
      "a snapshot after a gap makes the state complete again",
      [gap, body({ a: 1 }, "snapshot"), body({ b: 1 })],
      { a: 1, b: 1 },
      null,
    ],
    ["a tombstone after a gap does so too", [body({ a: 1 }), gap, { kind: "tombstone" }], undefined, null],
    ["a body that is no object replaces the state", [body({ a: 1 }), gap, body([1])], [1], null],
    [
      "the result of a reducer stays incomplete if the previous state was",
      [body({ a: 1 }), gap, { kind: "reduced", value: { sum: 3 } }],
      { sum: 3 },
      "the body is gone",
    ],
    ["a reducer can delete the entity", [body({ a: 1 }), { kind: "reduced", value: undefined }], undefined, null],
    [
      "a state that grows too large becomes unknown",
      [body({ a: "x".repeat(MAX_STATE_CHARS) })],
      undefined,
      "the state grew beyond 256 KiB",
    ],
  ];
  for (const [why, events, value, missing] of CASES)
    it(why, () => assert.deepEqual(events.reduce(nextState, NO_STATE), { value, missing }));
});
