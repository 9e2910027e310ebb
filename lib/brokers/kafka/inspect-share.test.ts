import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ShareProgress } from "./share-progress.ts";

const at = (startOffset: bigint, lag: bigint, endOffset: bigint | undefined) => [
  { key: "t/0", startOffset, lag, endOffset },
];

describe("ShareProgress", () => {
  for (const [what, reported, expected] of [
    ["the start, where no lag is reported", at(7n, -1n, 8n), 7n],
    ["the start, where the end is not known", at(7n, 0n, undefined), 7n],
    ["the end, when nothing is left to do", at(7n, 0n, 8n), 8n],
    ["all but what is left", at(7n, 3n, 20n), 17n],
    ["never less than the start, however old the end", at(7n, 5n, 9n), 7n],
  ] as const) {
    it(`is ${what}`, () => {
      assert.equal(new ShareProgress().add("g", reported).get("t/0"), expected);
    });
  }
  it("does not go back while records come faster than their end is asked for, but does when the group is reset", () => {
    const progress = new ShareProgress();
    progress.add("g", at(7n, 0n, 20n));
    assert.equal(progress.add("g", at(7n, 9n, 20n)).get("t/0"), 20n);
    assert.equal(progress.add("g", at(2n, 18n, 20n)).get("t/0"), 2n);
  });
});
