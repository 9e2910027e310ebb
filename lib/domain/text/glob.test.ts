import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { topicMatches } from "./glob.ts";

describe("topic globs", () => {
  for (const [glob, topic, expected] of [
    ["*", "anything", true],
    ["orders", "orders", true],
    ["orders", "orders2", false],
    ["orders.*", "orders.eu", true],
    ["*-dlt", "a-dlt-dlt", true],
    ["o?ders", "orders", true],
    ["a*b*c", "aXbXbXc", true],
    ["a*b*c", "aXbX", false],
    ["", "", true],
    ["__*", "_x", false],
  ] as const)
    it(`${glob} ${expected ? "matches" : "does not match"} ${topic}`, () =>
      assert.equal(topicMatches(glob, topic), expected));
});
