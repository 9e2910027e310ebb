import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { absolute, bytes, compact, count, durationMs, percent, plural, rate, roughly } from "./format.ts";

const CASES: readonly [name: string, expected: string, actual: string][] = [
  ["thousands are set apart", "4,212", count(4212)],
  ["a 64-bit decimal stays exact", "9,223,372,036,854,775,807", count("9223372036854775807")],
  ["what is not a number is unknown", "–", count("12; drop")],
  ["unknown", "–", count(null)],
  ["compact", "48.2K", compact(48_213)],
  ["small rates keep a digit", "0.4", rate(0.4)],
  ["large rates do not", "42", rate(41.7)],
  ["almost nothing is not nothing", "<0.01", rate(0.003)],
  ["nine point nine six rounds up to ten", "10", rate(9.96)],
  ["milliseconds", "113 ms", durationMs(113)],
  ["a second and a bit", "1.2 s", durationMs(1210)],
  ["never 1000 ms", "1.0 s", durationMs(999.7)],
  ["never 60 s", "1 m", durationMs(59_700)],
  ["minutes and seconds", "18 m 04 s", durationMs(1_084_000)],
  ["days and hours", "5 d 23 h", durationMs(514_800_000)],
  ["clock skew is shown, not hidden", "−5 ms", durationMs(-5)],
  ["not a number", "–", durationMs(Number.NaN)],
  ["in a sentence", "18 min", roughly(1_084_000)],
  ["bytes", "412 B", bytes(412)],
  ["megabytes", "5.4 MB", bytes(5_400_000)],
  ["no bytes", "0 B", bytes(0)],
  ["a large share", "99 %", percent(0.987)],
  ["a small share keeps a digit", "1.2 %", percent(0.012)],
  ["one", "1 group", plural(1, "group")],
  ["many", "1,204 groups", plural(1204, "group")],
  ["a time in UTC", "2026-11-21 14:02:07.113 UTC", absolute("2026-11-21T14:02:07.113Z", "utc")],
  ["a time that is none", "–", absolute("yesterday", "local")],
];

describe("format", () => {
  for (const [name, expected, actual] of CASES) it(`${name}: ${expected}`, () => assert.equal(actual, expected));
});
