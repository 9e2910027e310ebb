import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GROUP, log, ORDERS, PartitionWorld, row } from "../partition-world.test-data.ts";
import { findRewinds, JumpEvents, type PartitionJump } from "./jumps.ts";

const TOPIC_OF = new Map([[ORDERS, "orders"]]);
const jump = (partition: number, from: bigint, to: bigint, atMs = 1000): PartitionJump => ({
  groupId: GROUP,
  destinationId: ORDERS,
  partition,
  kind: to < from ? "back" : "forward",
  from,
  to,
  atMs,
});

describe("findRewinds", () => {
  it("finds backward jumps after which the group is still before where it was", () => {
    const world = new PartitionWorld();
    world.cycle([row(0, 40, 0), row(1, 100, 0)], [log(0, 500), log(1, 500)]);
    const jumps = [jump(0, 90n, 40n), jump(1, 90n, 40n), jump(0, 10n, 40n)];
    assert.deepEqual(findRewinds(jumps, world.states), [jumps[0]]);
  });
});

describe("JumpEvents", () => {
  it("makes one event for a group and topic, of the partition that jumped furthest", () => {
    const [event, ...others] = new JumpEvents().of(
      [jump(0, 50n, 40n, 3000), jump(1, 90n, 40n, 2000)],
      "rewound",
      TOPIC_OF,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(event, {
      groupId: GROUP,
      atMs: 2000,
      kind: "rewound",
      detail: { topic: "orders", partitions: 2, from: "90", to: "40", messages: "60" },
    });
  });

  it("makes no other event of the same kind for five minutes", () => {
    const events = new JumpEvents();
    const at = (atMs: number, kind: "rewound" | "skipped" = "rewound") =>
      events.of([jump(0, 50n, 40n, atMs)], kind, TOPIC_OF).length;
    assert.deepEqual([at(0), at(299_000), at(299_000, "skipped"), at(300_000)], [1, 0, 1, 1]);
  });
});
