import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeSince } from "./code-since.ts";

const MINUTE = 60_000;
const CASES: readonly [
  why: string,
  deployedAt: number | null,
  watchedSince: number | null,
  failedLast: number,
  state: string,
][] = [
  ["no deploy since they failed", null, 0, 10, "same"],
  ["the last deploy was before they failed", 5, 0, 10, "same"],
  ["deployed well after the last failure", 20, 0, 10, "newer"],
  ["deployed at about the time of the last failure: it may be the new code that failed", 11, 0, 10, "unknown"],
  ["watched only since they failed", null, 15, 10, "unknown"],
  ["a group nobody knows", null, null, 10, "unknown"],
  ["deployed since, though watched only since they failed", 20, 15, 10, "newer"],
];

describe("codeSince", () => {
  for (const [why, deployedAt, watchedSince, failedLast, state] of CASES) {
    it(why, () =>
      assert.equal(
        codeSince(
          {
            deployedAtMs: deployedAt === null ? null : deployedAt * MINUTE,
            watchedSinceMs: watchedSince === null ? null : watchedSince * MINUTE,
          },
          failedLast * MINUTE,
        ),
        state,
      ),
    );
  }
});
