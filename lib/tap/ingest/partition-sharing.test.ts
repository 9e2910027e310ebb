import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ownerOf } from "./partition-sharing.ts";

const PARTITIONS = Array.from({ length: 1000 }, (_, i) => ({
  topic: `topic-${i % 40}`,
  partition: Math.floor(i / 40),
  generation: i % 40,
  topicId: null,
}));

describe("who reads a partition", () => {
  it("is decided alike by every tap, and spread evenly", () => {
    for (const taps of [[1], [1, 2], [7, 8, 9, 4711]]) {
      const counts = new Map(taps.map((tap) => [tap, 0]));
      for (const partition of PARTITIONS) {
        const owner = ownerOf(partition, taps);
        assert.equal(owner, ownerOf(partition, taps.toReversed()));
        counts.set(owner, (counts.get(owner) ?? 0) + 1);
      }
      for (const count of counts.values()) {
        const fair = PARTITIONS.length / taps.length;
        assert.ok(count > fair * 0.7 && count < fair * 1.3, `${count} of ${PARTITIONS.length} among ${taps.length}`);
      }
    }
  });

  it("changes only for the partitions of a tap that comes or goes", () => {
    for (const partition of PARTITIONS) {
      const [before, after] = [ownerOf(partition, [1, 2, 3]), ownerOf(partition, [1, 3])];
      assert.ok(before === 2 || before === after);
    }
  });

  it("is nobody while no tap has a lease", () => assert.equal(ownerOf(PARTITIONS[0]!, []), -1));
});
