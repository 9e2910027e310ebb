import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openAttemptLimit } from "./attempt-limit.ts";

describe("attempt limit", () => {
  it("allows so many in a window, and again in the next", () => {
    let nowMs = 0;
    const limit = openAttemptLimit({ most: 2, windowMs: 1000, now: () => nowMs });
    assert.deepEqual(
      [limit.allow("a"), limit.allow("a"), limit.allow("a"), limit.allow("b")],
      [true, true, false, true],
    );
    nowMs = 1000;
    assert.equal(limit.allow("a"), true);
  });
  it("remembers a bounded number of addresses", () => {
    const limit = openAttemptLimit({ most: 1, windowMs: 1000, now: () => 0, maxNetworks: 2 });
    for (const address of ["a", "b", "c"]) limit.allow(address);
    assert.deepEqual([limit.allow("c"), limit.allow("a")], [false, true]);
  });
});
