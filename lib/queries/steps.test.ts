import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { BUCKET_MS, fillSteps, stepsBetween } from "./steps.ts";

describe("steps", () => {
  it("cut any range into whole buckets that cover it, about as many as asked for", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 7 * 86_400_000 }),
        fc.integer({ min: 1, max: 600 }),
        (fromMs, lengthMs, points) => {
          const steps = stepsBetween(fromMs, fromMs + lengthMs, points);
          const filled = fillSteps(steps, [], (at) => at);
          assert.equal(steps.stepMs % BUCKET_MS, 0);
          assert.ok(steps.fromMs <= fromMs && fromMs - steps.fromMs < steps.stepMs);
          assert.ok(filled.length >= 1 && filled.length <= points + 1);
        },
      ),
    );
  });
  it("leave no gap where there is no row", () => {
    const at = new Date(20_000);
    assert.deepEqual(
      fillSteps({ fromMs: 0, toMs: 40_000, stepMs: 10_000 }, [{ at, n: 7 }], (_at, row) => row?.n ?? 0),
      [0, 0, 7, 0],
    );
  });
});
