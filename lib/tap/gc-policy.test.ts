import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GcPolicy } from "./gc-policy.ts";

describe("GcPolicy", () => {
  it("puts memory first once a tap has caught up for a while, and speed while it is far behind", () => {
    const flags: string[] = [];
    const policy = new GcPolicy((flag) => flags.push(flag));
    const flagsSet = (
      [
        [0, 900_000],
        [10_000, 500],
        [18_000, 19_000],
        [20_000, 0],
        [30_000, 0],
        [32_000, 50_000],
        [34_000, 0],
        [40_000, 60_000],
        [44_000, 0],
        [54_000, 0],
      ] as const
    ).map(([nowMs, behind]) => {
      policy.update(behind, nowMs);
      return flags.length;
    });
    assert.deepEqual(flagsSet, [0, 0, 0, 2, 2, 4, 4, 4, 4, 6]);
    assert.deepEqual(flags, [
      "--optimize-for-size",
      "--heap-growing-percent=30",
      "--no-optimize-for-size",
      "--heap-growing-percent=100",
      "--optimize-for-size",
      "--heap-growing-percent=30",
    ]);
  });
});
