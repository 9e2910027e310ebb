import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { leftOut, summaryOf, type Choice, type PlannedItem } from "./choice.ts";

const item = (seq: number, key: string | null, isStale: boolean, targetPartition: number | null = 0): PlannedItem => ({
  seq,
  key,
  isStale,
  sourceTopic: "orders-dlt",
  targetTopic: "orders",
  targetPartition,
});
const ITEMS = [
  item(0, "a", true),
  item(1, "b", false),
  item(2, "a", true),
  item(3, "a", true, 1),
  item(4, null, false),
];

const ROWS: readonly { why: string; choice: Partial<Choice>; out: [number, string][] }[] = [
  { why: "nobody has chosen: nothing is left out yet", choice: { stale: "ask", excluded: [] }, out: [] },
  { why: "sent anyway", choice: { stale: "send", excluded: [] }, out: [] },
  {
    why: "stale ones stay",
    choice: { stale: "skip", excluded: [] },
    out: [
      [0, "left_out_stale"],
      [2, "left_out_stale"],
      [3, "left_out_stale"],
    ],
  },
  {
    why: "only the newest of each stale key, per partition",
    choice: { stale: "newest", excluded: [] },
    out: [[0, "left_out_older"]],
  },
  {
    why: "the newest that is not left out by hand",
    choice: { stale: "newest", excluded: [2] },
    out: [[2, "left_out_by_hand"]],
  },
  {
    why: "by hand, whatever else",
    choice: { stale: "send", excluded: [1, 4] },
    out: [
      [1, "left_out_by_hand"],
      [4, "left_out_by_hand"],
    ],
  },
  {
    why: "all that go where only their records say, whatever else is chosen",
    choice: { stale: "newest", excluded: [1], unconfirmed: [{ source: "orders-dlt", topic: "orders" }] },
    out: [
      [0, "target_not_confirmed"],
      [1, "left_out_by_hand"],
      [2, "target_not_confirmed"],
      [3, "target_not_confirmed"],
      [4, "target_not_confirmed"],
    ],
  },
  {
    why: "none for a target that the records of another topic name",
    choice: { unconfirmed: [{ source: "parked", topic: "orders" }] },
    out: [],
  },
];

describe("leftOut", () => {
  for (const { why, choice, out } of ROWS)
    it(why, () =>
      assert.deepEqual(
        [...leftOut(ITEMS, { stale: "ask", excluded: [], unconfirmed: [], ...choice })].sort(([a], [b]) => a - b),
        out,
      ),
    );
});

describe("summaryOf", () => {
  it("counts by topic, partition and key, the most first", () => {
    const { items, byTopic, partitions, keys } = summaryOf(ITEMS);
    assert.deepEqual([items, [...byTopic]], [5, [["orders", 5]]]);
    assert.deepEqual(partitions, [
      { topic: "orders", partition: 0, items: 4 },
      { topic: "orders", partition: 1, items: 1 },
    ]);
    assert.deepEqual(keys, [
      { key: "a", items: 3 },
      { key: "b", items: 1 },
    ]);
  });
});
