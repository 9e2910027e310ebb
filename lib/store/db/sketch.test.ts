import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addLatency, encodeSketch, mergeSketches, openSketch, summariseLatency } from "./sketch.ts";

const sketchOf = (values: readonly number[]) => {
  const sketch = openSketch();
  for (const value of values) addLatency(sketch, value);
  return sketch;
};
const near = (actual: number | undefined, expected: number) => {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= expected * 0.021 + 0.1,
    `${actual} is not near ${expected}`,
  );
};

describe("latency sketches", () => {
  it("keeps its quantiles through bytes and merging", () => {
    const halves = [
      sketchOf(Array.from({ length: 500 }, (_, i) => i + 1)),
      sketchOf(Array.from({ length: 500 }, (_, i) => i + 501)),
    ];
    const summary = summariseLatency(mergeSketches(halves.map(encodeSketch)));
    assert.equal(summary?.samples, 1000);
    near(summary.p50Ms, 500);
    near(summary.p95Ms, 950);
    near(summary.p99Ms, 990);
  });

  it("weighs, and takes clock skew as zero", () => {
    const sketch = openSketch();
    addLatency(sketch, -40);
    addLatency(sketch, 100, 9);
    addLatency(sketch, Number.NaN);
    assert.equal(sketch.count, 10);
    near(summariseLatency(sketch)?.p95Ms, 100);
  });

  it("stays small whatever it is told", () => {
    const bytes = encodeSketch(sketchOf([0, 0.001, 1, 1e6, 1e12, Number.POSITIVE_INFINITY]));
    assert.ok(bytes && bytes.length < 12_000, `${bytes?.length} bytes`);
  });

  it("is nothing when nothing was counted", () => {
    assert.equal(encodeSketch(openSketch()), null);
    assert.equal(summariseLatency(mergeSketches([null, new Uint8Array()])), null);
  });
});
