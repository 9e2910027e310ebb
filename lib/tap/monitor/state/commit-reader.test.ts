import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GROUP, log, ORDERS, PartitionWorld, row } from "../partition-world.test-data.ts";

const jumpsOf = (...offsets: readonly number[]) => {
  const world = new PartitionWorld();
  world.cycle([row(0, 0, -1)], [log(0, 500)]);
  const at = { groupId: GROUP, destinationId: ORDERS, partition: 0 };
  return world
    .commit(offsets.map((offset, i) => ({ ...at, offset: BigInt(offset), atMs: 1000 * i })))
    .map(({ kind, from, to }) => [kind, Number(from), Number(to)]);
};

describe("applyCommits", () => {
  it("does not take a forward jump over events that were consumed before a rewind for a skip", () => {
    assert.deepEqual(jumpsOf(100, 95, 100), [["back", 100, 95]]);
    assert.deepEqual(jumpsOf(100, 95, 98, 90, 100, 101), [
      ["back", 100, 95],
      ["back", 98, 90],
      ["forward", 100, 101],
    ]);
    assert.deepEqual(
      jumpsOf(100, 95, 120),
      [
        ["back", 100, 95],
        ["forward", 100, 120],
      ],
      "the skip begins at the offset up to which was consumed",
    );
  });

  it("ignores commits of group partitions that are not known", () => {
    const world = new PartitionWorld();
    world.cycle([row(0, 0, -1)], [log(0, 500)]);
    const commit = (offset: bigint) => ({ groupId: 99, destinationId: ORDERS, partition: 0, offset, atMs: 1000 });
    assert.deepEqual(world.commit([commit(100n), commit(5n)]), []);
  });
});
