import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recordTimeMs } from "./record-time.ts";

describe("recordTimeMs", () => {
  const now = Date.UTC(2026, 11, 1, 5);
  const written = now - 60_000;
  for (const [name, atMs, expected] of [
    ["milliseconds", written, written],
    ["seconds", written / 1000, written],
    ["microseconds", written * 1000, written],
    ["nanoseconds", written * 1e6, written],
    ["none", 0, null],
    ["Kafka's word for none", -1, null],
    ["1971", 31_536_000_000, null],
    ["ten years ago", now - 315_360_000_000, now - 315_360_000_000],
    ["a clock that is two hours ahead", now + 7_200_000, now + 7_200_000],
    ["2100", Date.UTC(2100, 0), Date.UTC(2100, 0)],
  ] as const)
    it(name, () => assert.equal(recordTimeMs(atMs, now), expected));
});
