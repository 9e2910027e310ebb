import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { resetPartition, type ResetPartitionFacts, type ResetTarget } from "./offset-reset.ts";

const facts = (row: Partial<ResetPartitionFacts> = {}): ResetPartitionFacts => ({
  logStartOffset: 100n,
  endOffset: 200n,
  committedOffset: 150n,
  offsetAtTime: null,
  namedOffset: null,
  ...row,
});

const CASES: readonly {
  why: string;
  row?: Partial<ResetPartitionFacts>;
  target: ResetTarget;
  to: bigint;
  seenAgain: bigint;
  skipped: bigint;
}[] = [
  {
    why: "earliest gives everything consumed again",
    target: { how: "earliest" },
    to: 100n,
    seenAgain: 50n,
    skipped: 0n,
  },
  { why: "latest skips what waits", target: { how: "latest" }, to: 200n, seenAgain: 0n, skipped: 50n },
  {
    why: "a time goes to the first record at or after it",
    row: { offsetAtTime: 120n },
    target: { how: "timestamp", at: "2026-01-01T00:00:00Z" },
    to: 120n,
    seenAgain: 30n,
    skipped: 0n,
  },
  {
    why: "a time after the last record goes to the end",
    target: { how: "timestamp", at: "2026-01-01T00:00:00Z" },
    to: 200n,
    seenAgain: 0n,
    skipped: 50n,
  },
  {
    why: "an offset before the log's start goes to the start",
    target: { how: "offset", offset: 3n },
    to: 100n,
    seenAgain: 50n,
    skipped: 0n,
  },
  {
    why: "an offset past the end goes to the end",
    target: { how: "offset", offset: 9999n },
    to: 200n,
    seenAgain: 0n,
    skipped: 50n,
  },
  {
    why: "a shift counts from the committed offset",
    target: { how: "shift", by: -7n },
    to: 143n,
    seenAgain: 7n,
    skipped: 0n,
  },
  { why: "a shift stays inside the log", target: { how: "shift", by: 1_000n }, to: 200n, seenAgain: 0n, skipped: 50n },
  {
    why: "records that retention took cannot be seen again",
    row: { committedOffset: 40n },
    target: { how: "earliest" },
    to: 100n,
    seenAgain: 0n,
    skipped: 0n,
  },
  {
    why: "a group ahead of a topic made anew stands at its end",
    row: { committedOffset: 900n },
    target: { how: "earliest" },
    to: 100n,
    seenAgain: 100n,
    skipped: 0n,
  },
  {
    why: "a group that never committed has nothing to see again",
    row: { committedOffset: null },
    target: { how: "earliest" },
    to: 100n,
    seenAgain: 0n,
    skipped: 0n,
  },
  {
    why: "where another group stands",
    row: { namedOffset: 130n },
    target: { how: "group", group: "audit" },
    to: 130n,
    seenAgain: 20n,
    skipped: 0n,
  },
  {
    why: "another group's offset that retention took goes to the start",
    row: { namedOffset: 30n },
    target: { how: "group", group: "audit" },
    to: 100n,
    seenAgain: 50n,
    skipped: 0n,
  },
  {
    why: "an offset of its own",
    row: { namedOffset: 160n },
    target: { how: "offsets" },
    to: 160n,
    seenAgain: 0n,
    skipped: 10n,
  },
  {
    why: "standing still changes nothing",
    target: { how: "offset", offset: 150n },
    to: 150n,
    seenAgain: 0n,
    skipped: 0n,
  },
];

describe("resetPartition", () => {
  for (const { why, row, target, to, seenAgain, skipped } of CASES) {
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
