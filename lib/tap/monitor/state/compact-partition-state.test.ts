import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { RING_SIZE } from "#lib/domain/health/log/judge.ts";
import { destinationPartitionKey, type LogFacts } from "./log-ends.ts";
import { CompactPartitionState } from "./compact-partition-state.ts";
import { newPartitionState, type PartitionState } from "./partition-state.ts";

const FACTS: LogFacts = {
  endOffset: 100n,
  lastStableOffset: 100n,
  logStartOffset: 0n,
  sizeBytes: null,
  hasLeader: true,
  heldByTransaction: null,
};
const ROW = {
  groupId: 1,
  destinationId: 2,
  partition: 3,
  committedOffset: 100n,
  committedAtMs: 5,
  movedAtMs: 5,
  memberId: null,
};
const atMs = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
const offset = fc.bigInt(0n, 2n ** 53n - 1n);
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });
const rows = fc.record(
  {
    groupId: fc.nat(2 ** 31 - 1),
    destinationId: fc.nat(2 ** 31 - 1),
    partition: fc.nat(100_000),
    committedOffset: offset,
    committedAtMs: maybe(atMs),
    movedAtMs: maybe(atMs),
    memberId: maybe(fc.string()),
  },
  { noNullPrototype: true },
);
const ring = fc.array(fc.record({ offset, atMs, lagMessages: maybe(offset) }, { noNullPrototype: true }), {
  maxLength: RING_SIZE,
});
const memories = fc
  .record({
    row: rows,
    lastLook: fc.nat(1000),
    ring,
    last: maybe(offset),
    left: maybe(offset),
    caughtUpAtMs: maybe(atMs),
    paced: maybe(fc.record({ committed: maybe(offset), end: offset }, { noNullPrototype: true })),
  })
  .map((own): PartitionState => ({ ...newPartitionState(own.row, own.lastLook), ...own, askedAtMs: 5, waiting: null }));
const keyOf = ({ row }: PartitionState) => destinationPartitionKey(row.destinationId, row.partition);

describe("PlaceAtRest", () => {
  it("wakes as what it was, but for what has no meaning after a rest", () => {
    fc.assert(
      fc.property(memories, (memory) => {
        const rest = CompactPartitionState.of(memory, FACTS, false);
        const { row } = memory;
        assert.ok(rest);
        assert.ok(rest.put(row, memory.lastRead) && rest.isUpToDate(FACTS));
        assert.deepEqual(rest.expand(row.groupId, keyOf(memory)), { ...memory, askedAtMs: 0 });
      }),
    );
  });

  it("sees whatever changes of its row", () => {
    fc.assert(
      fc.property(memories, rows, (memory, { committedOffset, committedAtMs, movedAtMs, memberId }) => {
        for (const change of [{ committedOffset }, { committedAtMs }, { movedAtMs }, { memberId }]) {
          const rest = CompactPartitionState.of(memory, FACTS, false);
          const row = { ...memory.row, ...change };
          assert.ok(rest);
          assert.ok(rest.put(row, 2000));
          assert.equal(rest.isUpToDate(FACTS), isDeepStrictEqual(row, memory.row));
          assert.deepEqual([rest.row(row.groupId, keyOf(memory)), rest.lastRead], [row, 2000]);
        }
      }),
    );
  });

  it("knows when it was last written, if that says what is still so", () => {
    const memory = newPartitionState(ROW, 1);
    const rest = CompactPartitionState.of(memory, FACTS, false);
    assert.ok(rest);
    assert.equal(rest.writtenAtMs, null);
    rest.written(70_000);
    const woken = rest.expand(1, keyOf(memory));
    assert.deepEqual(woken.written, { evaluation: rest.evaluation(memory.row), atMs: 70_000 });
    assert.equal(CompactPartitionState.of(woken, FACTS, true)?.writtenAtMs, 70_000);
    assert.equal(CompactPartitionState.of(woken, FACTS, false)?.writtenAtMs, null);
  });

  it("takes in no offset that a number cannot hold", () => {
    const rest = CompactPartitionState.of(newPartitionState(ROW, 1), FACTS, false);
    assert.equal(rest?.put({ ...ROW, committedOffset: 2n ** 62n + 1n }, 2), false);
  });

  const beyond = 2n ** 62n + 1n;
  for (const [what, over] of Object.entries<Partial<PartitionState>>({
    "where it stands": { row: { ...ROW, committedOffset: beyond } },
    "where it stood": { previous: beyond },
    "what it committed last": { last: beyond },
    "a commit": { ring: [{ offset: beyond, atMs: 5, lagMessages: null }] },
    "a commit's lag": { ring: [{ offset: 5n, atMs: 5, lagMessages: beyond }] },
  })) {
    it(`does not put to rest what a number cannot hold: ${what}`, () => {
      const memory = { ...newPartitionState(ROW, 1), ...over };
      assert.equal(CompactPartitionState.of(memory, FACTS, false), null);
    });
  }
});
