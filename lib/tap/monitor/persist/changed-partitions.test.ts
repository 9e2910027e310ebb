import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { log, PartitionWorld, row } from "../partition-world.test-data.ts";
import { ChangedPartitions } from "./changed-partitions.ts";

describe("ChangedPartitions", () => {
  it("writes again only evaluations that changed", () => {
    const world = new PartitionWorld();
    const changed = (committed: number) => {
      const evaluations = world.cycle([row(0, committed, 0), row(1, 10, 0)], [log(0, 100), log(1, 10)]);
      return new ChangedPartitions(world.states, world.nowMs).of(evaluations).map((at) => at.partition);
    };
    assert.deepEqual([changed(50), changed(50), changed(50), changed(60)], [[0, 1], [0], [], [0]]);
  });

  it("writes an idle partition again after ten minutes", () => {
    const world = new PartitionWorld();
    const changed = (stepMs: number) => {
      const evaluations = world.cycle([row(0, 10, 0)], [log(0, 10)], stepMs);
      return new ChangedPartitions(world.states, world.nowMs).of(evaluations).length;
    };
    assert.deepEqual([changed(5000), changed(5000), changed(580_000), changed(20_000)], [1, 0, 0, 1]);
  });
});
