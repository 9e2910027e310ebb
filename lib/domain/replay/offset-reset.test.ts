import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { resetPartition, type ResetPartitionFacts, type ResetTarget } from "./offset-reset.ts";
import { RESET_CASES, facts } from "./offset-reset.test-data.ts";

describe("resetPartition", () => {
  for (const { why, row, target, to, seenAgain, skipped } of RESET_CASES) {
    it(why, () => {
      const reset = resetPartition(facts(row), target);
      assert.deepEqual(reset && { to: reset.to, seenAgain: reset.seenAgain, skipped: reset.skipped }, {
        to,
        seenAgain,
        skipped,
      });
    });
  }

  it("cannot shift a group that never committed", () => {
    assert.equal(resetPartition(facts({ committedOffset: null }), { how: "shift", by: 1n }), null);
  });

  it("leaves a partition for which none is named", () => {
    assert.equal(resetPartition(facts(), { how: "offsets" }), null);
    assert.equal(resetPartition(facts(), { how: "group", group: "audit" }), null);
  });

  const anOffset = fc.bigInt({ min: 0n, max: 2n ** 62n });
  const aTarget: fc.Arbitrary<ResetTarget> = fc.oneof(
    fc.constantFrom<ResetTarget>(
      { how: "earliest" },
      { how: "latest" },
      { how: "timestamp", at: "2026-01-01T00:00:00Z" },
      { how: "offsets" },
      { how: "group", group: "audit" },
    ),
    anOffset.map((offset): ResetTarget => ({ how: "offset", offset })),
    fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }).map((by): ResetTarget => ({ how: "shift", by })),
  );
  const someFacts = fc
    .record({
      start: anOffset,
      length: fc.bigInt({ min: 0n, max: 1_000_000n }),
      committed: fc.option(anOffset),
      at: fc.option(anOffset),
      named: fc.option(anOffset),
    })
    .map(
      ({ start, length, committed, at, named }): ResetPartitionFacts => ({
        logStartOffset: start,
        endOffset: start + length,
        committedOffset: committed,
        offsetAtTime: at,
        namedOffset: named,
      }),
    );

  it("never leaves the log, and its counts add up", () => {
    fc.assert(
      fc.property(someFacts, aTarget, (where, target) => {
        const reset = resetPartition(where, target);
        if (reset === null) return where.committedOffset === null || where.namedOffset === null;
        const { logStartOffset: start, endOffset: end, committedOffset } = where;
        assert.ok(reset.to >= start && reset.to <= end);
        assert.ok(reset.seenAgain >= 0n && reset.skipped >= 0n && (reset.seenAgain === 0n || reset.skipped === 0n));
        if (committedOffset !== null) {
          const stands = committedOffset < start ? start : committedOffset > end ? end : committedOffset;
          assert.equal(stands - reset.seenAgain + reset.skipped, reset.to);
        }
        return true;
      }),
    );
  });

  it("resetting twice to the same place changes nothing the second time", () => {
    fc.assert(
      fc.property(
        someFacts,
        aTarget.filter((target) => target.how !== "shift"),
        (where, target) => {
          const once = resetPartition(where, target);
          if (once === null) return where.namedOffset === null;
          const twice = resetPartition({ ...where, committedOffset: once.to }, target);
          assert.deepEqual(twice, { from: once.to, to: once.to, seenAgain: 0n, skipped: 0n });
          return true;
        },
      ),
    );
  });
});
