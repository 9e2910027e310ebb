import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { all, empty, group, NOW, partition, still } from "./a-situation.test-data.ts";
import { noMembers } from "./no-members.ts";

describe("noMembers", () => {
  for (const [name, emptyMs, waitsMs, sinceMs] of [
    ["empty for long before the first event came", 3_600_000, 60_000, 60_000],
    ["events waited before the last member left", 60_000, 3_600_000, 60_000],
  ] as const)
    it(`has begun when nobody was there and something waited: ${name}`, () => {
      const found = noMembers(
        group({
          ...all((at) => (at === 0 ? still(0, waitsMs, { committedAtMs: 0 }) : partition(at, { committedAtMs: 0 }))),
          ...empty,
          emptySinceMs: NOW - emptyMs,
        }),
      );
      assert.equal(found?.sinceMs, NOW - sinceMs);
      assert.equal(found.data.emptySince, new Date(NOW - emptyMs).toISOString());
    });
});
