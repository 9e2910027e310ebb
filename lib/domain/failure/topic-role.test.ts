import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addEvidence, roleByRecords } from "./topic-role.ts";

describe("roleByRecords", () => {
  for (const [events, deadLetters, retries, expected] of [
    [1, 1, 0, "dead_letter"],
    [99, 99, 0, "dead_letter"],
    [1101, 1, 0, "event"],
    [2, 1, 0, "dead_letter"],
    [3, 1, 0, "event"],
    [10, 0, 9, "retry"],
    [10, 1, 9, "retry"],
    [10, 0, 1, "event"],
    [10, 0, 0, "event"],
    [0, 0, 0, "event"],
  ] as const)
    it(`${deadLetters} dead letters, ${retries} retries of ${events}: ${expected}`, () =>
      assert.equal(roleByRecords({ events, deadLetters, retries }), expected));

  it("a topic that changes what it holds is known by what it holds lately", () => {
    let known = { events: 1_000_000, deadLetters: 0, retries: 0 };
    for (let i = 0; i < 10; i++) known = addEvidence(known, { events: 20_000, deadLetters: 20_000, retries: 0 });
    assert.equal(roleByRecords(known), "dead_letter");
  });
});
