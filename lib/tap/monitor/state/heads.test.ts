import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { log, ORDERS, PartitionWorld, row } from "../partition-world.test-data.ts";

describe("wanted heads", () => {
  it("wants the time of the first waiting event until it is known, and again when the group has moved on from it", () => {
    const world = new PartitionWorld();
    const rows = [row(0, 100, 0), row(1, 5, 0)];
    world.cycle(rows, [log(0, 500), log(1, 5)]);
    assert.deepEqual(
      world.wanted(rows).map((at) => [at.partition, at.isFresh]),
      [[0, true]],
    );
    world.findHead(0, 100, 400, { last: [110, 900] });
    assert.deepEqual(world.wanted(rows), []);
    assert.deepEqual(
      world.cycle(rows, [log(0, 500), log(1, 5)], 56_400).map((at) => [at.timeLagMs, at.timeLagIsFloor]),
      [
        [61_000, false],
        [0, false],
      ],
    );
    assert.deepEqual(world.wanted([row(0, 105, 0)]), [], "the same flush tells of it");
    assert.equal(world.wanted([row(0, 111, 0)]).length, 1);
  });

  it("knows of a compacted log only the events that are still there", () => {
    const world = new PartitionWorld();
    const rows = [row(0, 100, 0)];
    world.settings = new Map([[ORDERS, { cleanupPolicy: "compact", retentionMs: null, retentionBytes: null }]]);
    world.cycle(rows, [log(0, 500)]);
    world.findHead(0, 100, 1000);
    world.cycle(rows, [log(0, 500)], 60_000);
    assert.deepEqual(
      world.wanted(rows).map((at) => at.fromLog),
      [true],
    );
    world.findHead(0, 100, 50_000, { offset: 140, readAtMs: world.nowMs });
    assert.deepEqual(
      world.cycle(rows, [log(0, 500)]).map((at) => [at.timeLagMs, at.flag]),
      [[20_000, "compacted"]],
    );
    assert.deepEqual(world.wanted(rows), []);
  });
});
