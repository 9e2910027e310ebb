import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { endOffsetAt, timeOfOffset, type OffsetSample } from "./time-lag.ts";

const samples: readonly OffsetSample[] = [
  { offset: 100n, atMs: 1000 },
  { offset: 200n, atMs: 2000 },
  { offset: 300n, atMs: 12_000 },
];

describe("timeOfOffset", () => {
  const cases: readonly [name: string, offset: bigint, expected: number | null][] = [
    ["at a known record", 200n, 2000],
    ["between known records", 250n, 7000],
    ["older than all known", 50n, null],
    ["newer than all known", 350n, null],
  ];
  for (const [name, offset, expected] of cases)
    it(name, () => {
      assert.equal(timeOfOffset(samples, offset), expected);
    });
  it("knows nothing without a record", () => {
    assert.equal(timeOfOffset([], 1n), null);
  });

  it("never leaves the range of the two records around an offset", () => {
    const rising = fc
      .array(fc.record({ offset: fc.nat(1000), at: fc.nat(1_000_000) }), { minLength: 2, maxLength: 30 })
      .map((rows) => [
        ...new Map(
          rows
            .sort((a, b) => a.offset - b.offset)
            .map((row) => [row.offset, { offset: BigInt(row.offset), atMs: row.at }]),
        ).values(),
      ]);
    fc.assert(
      fc.property(rising, fc.nat(1000), (known, offset) => {
        const at = timeOfOffset(known, BigInt(offset));
        const left = known.findLast((sample) => sample.offset <= BigInt(offset));
        const right = known.find((sample) => sample.offset >= BigInt(offset));
        if (left === undefined || right === undefined) assert.equal(at, null);
        else assert.ok(at !== null && at >= Math.min(left.atMs, right.atMs) && at <= Math.max(left.atMs, right.atMs));
      }),
    );
  });
});

describe("endOffsetAt", () => {
  const polled = [
    { offset: 100n, atMs: 1000 },
    { offset: 200n, atMs: 6000 },
  ];
  for (const [at, expected] of [
    [500, null],
    [1000, 100n],
    [3500, 150n],
    [6000, 200n],
    [9000, 200n],
  ] as const) {
    it(`at ${at} it is ${String(expected)}`, () => {
      assert.equal(endOffsetAt(polled, at), expected);
    });
  }
});
