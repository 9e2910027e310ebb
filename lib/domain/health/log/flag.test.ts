import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { flagOf, type FlagFacts } from "./flag.ts";

describe("flagOf", () => {
  const base: FlagFacts = {
    committedOffset: 50n,
    logStartOffset: 0n,
    endOffset: 100n,
    lostMessages: 0n,
    waitsForTransaction: false,
    head: { offset: 50n, atMs: 1000, isFromLog: false },
    isCompacted: false,
    nowMs: 60_000,
  };
  const cases: readonly [name: string, over: Partial<FlagFacts>, expected: string | null][] = [
    ["the numbers are what they seem", {}, null],
    ["retention was faster", { lostMessages: 5n, committedOffset: 50n, logStartOffset: 55n }, "lost"],
    ["the offset lies behind the end", { committedOffset: 101n, head: null }, "beyond_end"],
    ["an open transaction", { waitsForTransaction: true }, "transaction"],
    [
      "compaction left a later event",
      { isCompacted: true, head: { offset: 60n, atMs: 1000, isFromLog: true } },
      "compacted",
    ],
    [
      "a later event of the index is no proof of compaction",
      { isCompacted: true, head: { offset: 60n, atMs: 1000, isFromLog: false } },
      null,
    ],
    ["the producer's clock runs ahead", { head: { offset: 50n, atMs: 62_000, isFromLog: false } }, "clock_ahead"],
    ["a clock that is a little ahead", { head: { offset: 50n, atMs: 60_900, isFromLog: false } }, null],
  ];
  for (const [name, over, expected] of cases)
    it(name, () => {
      assert.equal(flagOf({ ...base, ...over }), expected);
    });
});
