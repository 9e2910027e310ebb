import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { JUDGED, type Row } from "./judge.test-data.ts";
import { addCommit, judgeGroup, judgePartition, RING_SIZE, type CommitRing, type RingCommit } from "./judge.ts";

const ringOf = (rows: readonly Row[]): CommitRing =>
  rows.map(([offset, second, lag]) => ({
    offset: BigInt(offset),
    atMs: second * 1000,
    lagMessages: lag === null ? null : BigInt(lag),
  }));

describe("judgePartition", () => {
  for (const { name, ring, ends, now, allowed = 0, stoppedAfter, verdict, evidence = 1 } of JUDGED) {
    it(`${name}: ${verdict}`, () => {
      assert.deepEqual(
        judgePartition({
          ring: ringOf(ring),
          endOffsets: ends.map(BigInt),
          nowMs: now * 1000,
          allowedLagMessages: BigInt(allowed),
          ...(stoppedAfter !== undefined && { stoppedAfterMs: stoppedAfter * 1000 }),
        }),
        { verdict, evidence },
      );
    });
  }
});

describe("judgeGroup", () => {
  it("is as bad as the worst partition, sure as the share of full rings", () => {
    assert.deepEqual(
      judgeGroup([
        { verdict: "ok", evidence: 1 },
        { verdict: "stalled", evidence: 0.3 },
        { verdict: "warning", evidence: 1 },
        { verdict: "ok", evidence: 1 },
      ]),
      { verdict: "stalled", evidence: 0.75 },
    );
    assert.deepEqual(judgeGroup([]), { verdict: "unknown", evidence: 0 });
  });
});

describe("addCommit", () => {
  const commit = (offset: number, atMs: number): RingCommit => ({ offset: BigInt(offset), atMs, lagMessages: 0n });
  it("lets a hasty commit take the place of the last and keeps its time", () => {
    const ring = [commit(1, 0), commit(5, 1200), commit(9, 1900), commit(12, 2300)].reduce<CommitRing>(
      (all, next) => addCommit(all, next, 1000),
      [],
    );
    assert.deepEqual(
      ring.map((at) => [at.offset, at.atMs]),
      [
        [1n, 0],
        [9n, 1200],
        [12n, 2300],
      ],
    );
  });

  it("never holds more than its size, always ends with the newest offset, stays in the order of time", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 100 }), (steps) => {
        let atMs = 0;
        let ring: CommitRing = [];
        steps.forEach((step, i) => {
          ring = addCommit(ring, commit(i, (atMs += step)), 1000);
          assert.ok(ring.length <= RING_SIZE);
          assert.equal(ring.at(-1)?.offset, BigInt(i));
          for (let j = 1; j < ring.length; j++) assert.ok((ring[j]?.atMs ?? 0) - (ring[j - 1]?.atMs ?? 0) >= 1000);
        });
      }),
    );
  });
});
