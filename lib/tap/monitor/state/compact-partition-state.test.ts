import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import fc from "#e2e/stack/property.ts";
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
const states = fc
  .record({
    row: rows,
    lastRead: fc.nat(1000),
    ring,
    last: maybe(offset),
    previous: maybe(offset),
    caughtUpAtMs: maybe(atMs),
    paced: maybe(fc.record({ committed: maybe(offset), end: offset }, { noNullPrototype: true })),
  })
  .map((own): PartitionState => ({ ...newPartitionState(own.row, own.lastRead), ...own, askedAtMs: 5, waiting: null }));
const keyOf = ({ row }: PartitionState) => destinationPartitionKey(row.destinationId, row.partition);

describe("CompactPartitionState", () => {
  it("expands to what it was, but for what has no meaning after an idle time", () => {
    fc.assert(
      fc.property(states, (state) => {
        const compact = CompactPartitionState.of(state, FACTS, false);
        const { row } = state;
        assert.ok(compact);
        assert.ok(compact.put(row, state.lastRead) && compact.isUpToDate(FACTS));
        assert.deepEqual(compact.expand(row.groupId, keyOf(state)), { ...state, askedAtMs: 0 });
      }),
    );
  });

  it("notices every change of its row", () => {
    fc.assert(
      fc.property(states, rows, (state, { committedOffset, committedAtMs, movedAtMs, memberId }) => {
        for (const change of [{ committedOffset }, { committedAtMs }, { movedAtMs }, { memberId }]) {
          const compact = CompactPartitionState.of(state, FACTS, false);
          const row = { ...state.row, ...change };
          assert.ok(compact);
          assert.ok(compact.put(row, 2000));
          assert.equal(compact.isUpToDate(FACTS), isDeepStrictEqual(row, state.row));
          assert.deepEqual([compact.row(row.groupId, keyOf(state)), compact.lastRead], [row, 2000]);
        }
      }),
    );
  });

  it("knows when its evaluation was last written, if that still holds", () => {
    const state = newPartitionState(ROW, 1);
    const compact = CompactPartitionState.of(state, FACTS, false);
    assert.ok(compact);
    assert.equal(compact.writtenAtMs, null);
    compact.setWritten(70_000);
    const expanded = compact.expand(1, keyOf(state));
    assert.deepEqual(expanded.written, { evaluation: compact.evaluation(state.row), atMs: 70_000 });
    assert.equal(CompactPartitionState.of(expanded, FACTS, true)?.writtenAtMs, 70_000);
    assert.equal(CompactPartitionState.of(expanded, FACTS, false)?.writtenAtMs, null);
  });

  it("takes in no row with an offset that a number cannot hold", () => {
    const compact = CompactPartitionState.of(newPartitionState(ROW, 1), FACTS, false);
    assert.equal(compact?.put({ ...ROW, committedOffset: 2n ** 62n + 1n }, 2), false);
  });

  const beyond = 2n ** 62n + 1n;
  for (const [what, over] of Object.entries<Partial<PartitionState>>({
    "the committed offset": { row: { ...ROW, committedOffset: beyond } },
    "the offset before it": { previous: beyond },
    "the offset of the last commit": { last: beyond },
    "a commit of the ring": { ring: [{ offset: beyond, atMs: 5, lagMessages: null }] },
    "the lag of a commit": { ring: [{ offset: 5n, atMs: 5, lagMessages: beyond }] },
  })) {
    it(`does not take a state that a number cannot hold: ${what}`, () => {
      const state = { ...newPartitionState(ROW, 1), ...over };
      assert.equal(CompactPartitionState.of(state, FACTS, false), null);
    });
  }
});
