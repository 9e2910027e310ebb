import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listAgainAfterMs } from "./topics.ts";

describe("how soon all topics are asked for again", () => {
  for (const [topics, expected] of [
    [0, 3000],
    [20, 3000],
    [1000, 3000],
    [2000, 6000],
    [3000, 9000],
    [9000, 9000],
    [1_000_000, 9000],
  ] as const) {
    it(`of ${topics}: after ${expected} ms`, () => {
      assert.equal(listAgainAfterMs(topics), expected);
    });
  }
});
