import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { consumeLatencies } from "./consume-latency.ts";

const stretch = (first: number, last: number, firstAtMs: number, lastAtMs: number) => ({
  firstPosition: BigInt(first),
  lastPosition: BigInt(last),
  firstAtMs,
  lastAtMs,
});
const latencies = (from: number, to: number, atMs: number, ...stretches: readonly ReturnType<typeof stretch>[]) => [
  ...consumeLatencies(BigInt(from), BigInt(to), atMs, stretches),
];

describe("consumeLatencies", () => {
  it("measures one event exactly", () => {
    assert.deepEqual(latencies(5, 6, 1100, stretch(5, 5, 1000, 1000)), [{ ms: 100, weight: 1 }]);
  });
  it("interpolates inside a stretch", () => {
    assert.deepEqual(latencies(0, 10, 2000, stretch(0, 9, 1000, 1900)), [
      { ms: 1000, weight: 3 },
      { ms: 600, weight: 4 },
      { ms: 100, weight: 3 },
    ]);
  });
  it("takes only what was passed", () => {
    assert.deepEqual(latencies(4, 6, 2000, stretch(0, 9, 1000, 1900)), [
      { ms: 600, weight: 1 },
      { ms: 500, weight: 1 },
    ]);
  });
  it("knows nothing of what is not in a stretch", () => {
    assert.deepEqual(latencies(20, 30, 2000, stretch(0, 9, 1000, 1900)), []);
  });
  it("is never negative, whatever clocks say", () => {
    assert.deepEqual(latencies(0, 1, 500, stretch(0, 0, 1000, 1000)), [{ ms: 0, weight: 1 }]);
  });

  it("weighs as many events as were passed", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100), (from, length, first, span) => {
        const to = from + length;
        const overlap = Math.max(0, Math.min(to - 1, first + span) - Math.max(from, first) + 1);
        assert.equal(
          latencies(from, to, 0, stretch(first, first + span, 0, 10)).reduce((sum, one) => sum + one.weight, 0),
          overlap,
        );
      }),
    );
  });
});
