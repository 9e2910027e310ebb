import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { GROUP, log, ORDERS, PartitionWorld, row, topics } from "../partition-world.test-data.ts";
import { UnassignedPartitions } from "./unassigned-partitions.ts";

const group = (assigned: readonly number[], over: Partial<GroupInfo> = {}): GroupInfo => ({
  group: "payments",
  protocol: "classic",
  state: "stable",
  coordinator: "b:1",
  generation: 1,
  members: [
    {
      memberId: "m-1",
      clientId: "c",
      host: "/h",
      assignment: assigned.map((partition) => ({ topic: "orders", partition })),
      targetAssignment: null,
      epoch: null,
    },
  ],
  subscription: ["orders"],
  fault: null,
  ...over,
});

function open(): { world: PartitionWorld; of: (info: GroupInfo) => [number, number, bigint, boolean][] } {
  const world = new PartitionWorld();
  const unassigned = new UnassignedPartitions(world.ends);
  unassigned.setTopics(topics(4), new Map([["orders", ORDERS]]));
  return {
    world,
    of: (info) =>
      unassigned
        .of(GROUP, info, world.evaluate(), world.nowMs)
        .map((at) => [at.partition, at.sinceMs, at.waitingMessages, at.isWholeTopic]),
  };
}
const LOGS = [0, 1, 2, 3].map((partition) => log(partition, 100, { start: 20 }));

describe("UnassignedPartitions", () => {
  it("finds what no member has of the topics, how much waits there, and since when", () => {
    const { world, of } = open();
    world.cycle([row(0, 100, 0), row(3, 90, 0)], LOGS);
    const missing = [
      [2, 5000, 80n, false],
      [3, 5000, 10n, false],
    ];
    assert.deepEqual(of(group([0, 1])), missing);
    world.cycle([row(0, 100, 0), row(3, 90, 0)], LOGS);
    assert.deepEqual(of(group([0, 1])), missing, "as old as before");
    assert.deepEqual(of(group([0, 1, 2, 3])), []);
    assert.deepEqual(of(group([0, 1, 2])), [[3, 10_000, 10n, false]], "assigned in between: it begins anew");
  });

  it("says nothing during a rebalance, and keeps since when", () => {
    const { world, of } = open();
    world.cycle([row(0, 100, 0)], LOGS);
    of(group([0, 1, 2]));
    world.cycle([row(0, 100, 0)], LOGS);
    assert.deepEqual(of(group([], { state: "rebalancing" })), []);
    assert.deepEqual(of(group([0, 1, 2])), [[3, 5000, 80n, false]]);
  });

  it("marks a topic of which no member has any partition", () => {
    const { world, of } = open();
    world.cycle([row(0, 100, 0)], LOGS);
    assert.deepEqual(
      of(group([])).map(([partition, , , isWholeTopic]) => [partition, isWholeTopic]),
      [0, 1, 2, 3].map((partition) => [partition, true]),
    );
  });

  it("of a group without members that commits, finds the last partitions on which it does not", () => {
    const { world, of } = open();
    world.cycle([row(0, 100, 0), row(1, 100, 0), row(2, 100, 0)], LOGS);
    const partitionsOf = (info: GroupInfo) => of(info).map(([partition]) => partition);
    const own = group([], { members: [], protocol: "simple", state: "empty" });
    assert.deepEqual(partitionsOf(own), [3]);
    world.cycle([row(0, 100, 0), row(2, 100, 0)], LOGS);
    assert.deepEqual(partitionsOf(own), [], "a hole: it may have chosen its partitions");
    world.cycle([row(0, 100, 0), row(1, 100, 0), row(2, 100, 0)], LOGS, 60_000);
    assert.deepEqual(partitionsOf(own), [], "no commit for a minute: it may be gone");
  });
});
