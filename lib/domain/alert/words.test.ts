import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aGroupStatus, aRule } from "./a-status.test-data.ts";
import { FINDING } from "./a-status.test-data.ts";
import { findingInWords, sentenceOf, conditionInWords, spanInWords } from "./words.ts";
import { factsOf } from "./facts.ts";

describe("words", () => {
  it("say what was found, why, and the limit where there is one", () => {
    const threshold = { kind: "timeLagAbove", ms: 600000 } as const;
    assert.equal(findingInWords(threshold, aGroupStatus()), "18 min behind");
    assert.equal(
      sentenceOf(threshold, aGroupStatus()),
      "18 min behind (limit: 10 min). orders[1] has not moved for 18 min",
    );
    assert.equal(findingInWords(aRule().when, aGroupStatus({ finding: FINDING })), "Poison event");
    assert.equal(sentenceOf(aRule().when, aGroupStatus({ finding: FINDING })), "orders[1] stands at 91,204");
    assert.equal(sentenceOf(aRule().when, aGroupStatus({ reason: null })), "payments is stuck");
    assert.equal(conditionInWords(aRule().when), "verdict stuck or stopped");
  });
  it("name each fact once, the figures before the evidence", () => {
    assert.deepEqual(
      factsOf(aGroupStatus({ finding: FINDING })).map(({ label, value }) => `${label}: ${value}`),
      [
        "Verdict: Stuck",
        "At: orders[1] @ 91204",
        "Lag: 4,212",
        "Time lag: 18 min",
        "In / out: 35/s / 0.4/s",
        "Data loss in: 5 d 23 h",
        "Members: 3",
        "Redelivered: 41 times",
      ],
    );
  });
  for (const [ms, words] of [
    [0, "0 s"],
    [40000, "40 s"],
    [60000, "1 min"],
    [7500000, "2 h 5 min"],
    [514800000, "5 d 23 h"],
  ] as const)
    it(`${ms} ms: ${words}`, () => assert.equal(spanInWords(ms), words));
});
