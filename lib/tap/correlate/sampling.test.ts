import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Sampling } from "./sampling.ts";

const after = (perSecond: number, behindMs = 0) => {
  const sampling = new Sampling();
  let share = 1;
  for (let at = 1; at <= 20; at++) share = sampling.shareOf(perSecond, at * 1000, at * 1000 + behindMs);
  return share;
};

describe("Sampling", () => {
  for (const [perSecond, behindMs, share] of [[100, 0, 1], [8000, 0, 1], [9000, 0, 0.5], [100_000, 0, 1 / 16], [1e9, 0, 1 / 256], [8000, 120_000, 0.25], [100, 120_000, 1]] as const) {
    it(`looks at ${share} of the traces at ${perSecond} events/s${behindMs > 0 ? ", far behind" : ""}`, () => { assert.equal(after(perSecond, behindMs), share); });
  }

  it("lets a burst pass", () => {
    const sampling = new Sampling();
    assert.equal(sampling.shareOf(50_000, 1000, 1000), 1);
  });
});
