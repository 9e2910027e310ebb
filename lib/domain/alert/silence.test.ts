import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NOW } from "./a-status.test-data.ts";
import { silenceOf, type Silence } from "./silence.ts";

describe("a silence", () => {
  const aSilence = (change: Partial<Silence> = {}): Silence => ({
    id: 1,
    rule: "*",
    cluster: "*",
    group: "pay*",
    untilMs: NOW + 1,
    endedAtMs: null,
    ...change,
  });
  const alert = { rule: "stuck", cluster: "prod", group: "payments" };
  for (const [why, silences, expected] of [
    ["matches by glob", [aSilence()], 1],
    ["is over at its time", [aSilence({ untilMs: NOW })], null],
    ["is over when somebody ended it", [aSilence({ endedAtMs: NOW - 1 })], null],
    ["is about one rule only", [aSilence({ rule: "late" })], null],
    ["is about one cluster only", [aSilence({ cluster: "test" })], null],
    [
      "that lasts longest counts",
      [aSilence(), aSilence({ id: 2, untilMs: NOW + 9 }), aSilence({ id: 3, untilMs: NOW + 5 })],
      2,
    ],
  ] as const) {
    it(why, () => assert.equal(silenceOf(alert, silences, NOW)?.id ?? null, expected));
  }
});
