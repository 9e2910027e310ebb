import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import { redrivePlan, type RedriveChoice } from "./redrive-choice.ts";

const choice = (own: Partial<RedriveChoice> = {}): RedriveChoice => ({
  onlyGroup: null,
  key: "",
  from: "",
  to: "",
  partition: null,
  failedOnly: false,
  goesTo: "topic",
  forGroup: null,
  targetTopic: "",
  sandbox: "",
  createSandbox: true,
  time: "now",
  rate: "50",
  first: "1",
  stopAbove: "20",
  ...own,
});
const FINGERPRINT: ReplaySelection = { by: "fingerprint", fingerprint: "fp" };
const RANGE: ReplaySelection = { by: "range", cluster: "prod", topic: "orders", from: { offset: "0" } };
const TRACE: ReplaySelection = { by: "trace", traceId: "a".repeat(32), failedOnly: false };
const at = new Date("2026-11-21T14:00").toISOString();

const SELECTED: readonly [string, ReplaySelection, Partial<RedriveChoice>, unknown][] = [
  ["all with a fingerprint", FINGERPRINT, {}, FINGERPRINT],
  [
    "those of a group, a key and a time",
    FINGERPRINT,
    { onlyGroup: "payments", key: " c-1 ", from: "2026-11-21T14:00" },
    { ...FINGERPRINT, group: "payments", key: "c-1", from: at },
  ],
  ["a trace's dead letters", TRACE, { failedOnly: true }, { ...TRACE, failedOnly: true }],
  [
    "a stretch by offsets of one partition",
    RANGE,
    { from: "10", to: "20", partition: 3 },
    { by: "range", cluster: "prod", topic: "orders", partitions: [3], from: { offset: "10" }, to: { offset: "20" } },
  ],
  [
    "a stretch by time, to the end",
    RANGE,
    { from: "2026-11-21T14:00" },
    { by: "range", cluster: "prod", topic: "orders", from: { at } },
  ],
];
const MISSING: readonly [ReplaySelection, Partial<RedriveChoice>, RegExp][] = [
  [RANGE, {}, /where it begins/],
  [RANGE, { from: "1", to: "soon" }, /where it ends/],
  [FINGERPRINT, { from: "2026-11-21T14:00", to: "2026-11-21T13:00" }, /later than/],
  [FINGERPRINT, { goesTo: "group" }, /Choose the group/],
  [FINGERPRINT, { goesTo: "sandbox" }, /Name the sandbox/],
  [FINGERPRINT, { rate: "0" }, /rate/],
  [FINGERPRINT, { first: "101" }, /100 first/],
  [FINGERPRINT, { stopAbove: "x" }, /percent/],
];

describe("redrivePlan", () => {
  for (const [why, given, own, select] of SELECTED) {
    it(`asks for ${why}`, () => {
      const plan = redrivePlan(given, choice(own));
      assert.deepEqual(plan.ok && plan.value.select, select);
    });
  }
  for (const [given, own, words] of MISSING) {
    it(`misses ${words.source}`, () => {
      const plan = redrivePlan(given, choice(own));
      assert.match(plan.ok ? "" : plan.error, words);
    });
  }
  it("goes where it is said, and nowhere else", () => {
    const to = (own: Partial<RedriveChoice>) => {
      const plan = redrivePlan(
        FINGERPRINT,
        choice({ targetTopic: "parking", sandbox: "debug", forGroup: "payments", ...own }),
      );
      return plan.ok && [plan.value.to, plan.value.targetTopic];
    };
    assert.deepEqual(to({ goesTo: "topic" }), [{ how: "topic" }, "parking"]);
    assert.deepEqual(to({ goesTo: "group" }), [{ how: "group", group: "payments" }, undefined]);
    assert.deepEqual(to({ goesTo: "sandbox" }), [{ how: "sandbox", topic: "debug", create: true }, undefined]);
  });
});
