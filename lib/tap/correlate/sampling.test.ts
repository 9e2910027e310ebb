import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Sampling } from "./sampling.ts";

const after = (perSecond: number, behindMs = 0, readLateMs = 0) => {
  const sampling = new Sampling();
  let share = 1;
  for (let at = 1; at <= 20; at++)
    share = sampling.shareOf(
      perSecond,
      { storedAtMs: at * 1000, lastOccurredAtMs: at * 1000 - readLateMs },
      at * 1000 + behindMs,
    );
  return share;
};

describe("Sampling", () => {
  for (const [perSecond, behindMs, share] of [
    [100, 0, 1],
    [8000, 0, 1],
    [9000, 0, 0.5],
    [100_000, 0, 1 / 16],
    [1e9, 0, 1 / 256],
    [8000, 120_000, 0.25],
    [100, 120_000, 1],
  ] as const) {
    it(`takes at ${share} of the traces at ${perSecond} events/s${behindMs > 0 ? ", far behind" : ""}`, () => {
      assert.equal(after(perSecond, behindMs), share);
    });
  }

  for (const [perSecond, share] of [
    [8000, 1],
    [9000, 1 / 8],
    [100_000, 1 / 64],
  ] as const) {
    it(`takes at ${share} of the traces of a history that is caught up with at ${perSecond} events/s`, () => {
      assert.equal(after(perSecond, 0, 3_600_000), share);
    });
  }

  it("takes few traces of a history from its first events on", () => {
    const sampling = new Sampling();
    const shares = [100, 600, 1100, 1600, 2100].map((storedAtMs) =>
      sampling.shareOf(32_000, { storedAtMs, lastOccurredAtMs: -3_600_000 }, storedAtMs),
    );
    assert.deepEqual(shares, [1 / 16, 1 / 32, 1 / 32, 1 / 32, 1 / 32]);
  });

  it("lets a burst pass", () => {
    const sampling = new Sampling();
    assert.equal(sampling.shareOf(50_000, { storedAtMs: 1000, lastOccurredAtMs: 1000 }, 1000), 1);
  });
});
