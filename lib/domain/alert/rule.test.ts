import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aClusterStatus, aRule, aGroupStatus, NOW, FINDING } from "./a-status.test-data.ts";
import { covers, isMet, type WatchedCluster, type Condition, type WatchedGroup } from "./rule.ts";
import { conditionInWords, findingInWords, sentenceOf } from "./words.ts";
import { factsOf } from "./facts.ts";

describe("a condition", () => {
  const rows: readonly [why: string, when: Condition, change: Partial<WatchedGroup>, expected: boolean | null][] = [
    ["a verdict among those asked for", { kind: "verdict", verdicts: ["stalled"] }, {}, true],
    ["another verdict", { kind: "verdict", verdicts: ["stopped"] }, {}, false],
    ["a cause among those asked for", { kind: "cause", causes: ["poison_event"] }, { finding: FINDING }, true],
    ["another cause", { kind: "cause", causes: ["hung_member"] }, { finding: FINDING }, false],
    ["no cause", { kind: "cause", causes: ["hung_member"] }, {}, false],
    ["time lag above", { kind: "timeLagAbove", ms: 600_000 }, {}, true],
    ["time lag exactly at the limit", { kind: "timeLagAbove", ms: 1_080_000 }, {}, false],
    ["time lag not known", { kind: "timeLagAbove", ms: 0 }, { timeLagMs: null }, false],
    ["lag above", { kind: "lagAbove", messages: 4211 }, {}, true],
    ["lag beyond what a number holds", { kind: "lagAbove", messages: 1 }, { lagMessages: 2n ** 62n }, true],
    ["data loss near", { kind: "dataLossWithin", ms: 6 * 3_600_000 }, { dataLossSeconds: 3600 }, true],
    ["data loss far", { kind: "dataLossWithin", ms: 6 * 3_600_000 }, {}, false],
    ["data loss does not threaten", { kind: "dataLossWithin", ms: 6 * 3_600_000 }, { dataLossSeconds: null }, false],
    ["dead letters above", { kind: "deadLettersPerMinuteAbove", events: 9 }, { deadLettersPerMinute: 10 }, true],
    ["an evaluation that is too old", { kind: "lagAbove", messages: 0 }, { evaluatedAtMs: NOW - 120_000 }, null],
    ["a group that was never evaluated", { kind: "verdict", verdicts: ["stalled"] }, { evaluatedAtMs: null }, null],
    [
      "dead letters, which are counted independently of the evaluation",
      { kind: "deadLettersPerMinuteAbove", events: 0 },
      { deadLettersPerMinute: 1, evaluatedAtMs: null },
      true,
    ],
  ];
  for (const [why, when, change, expected] of rows)
    it(`${String(expected)}: ${why}`, () => assert.equal(isMet(when, aGroupStatus(change), NOW), expected));

  it("is about groups and clusters by glob", () => {
    assert.deepEqual(
      [
        ["pay*", "prod"],
        ["pay?", "prod"],
        ["*", "p*d"],
        ["*", "test"],
      ].map(([group = "", cluster = ""]) =>
        covers(aRule({ group, cluster }), { about: "group", cluster: "prod", group: "payments" }),
      ),
      [true, false, true, false],
    );
  });
});

describe("a cluster out of reach", () => {
  const when = { kind: "clusterUnreachable" } as const;
  const rows: readonly [why: string, change: Partial<WatchedCluster>, expected: boolean | null][] = [
    ["polled a moment ago", {}, false],
    ["the last attempt failed", { isRefused: true, reason: "nothing listens" }, true],
    ["not polled for a minute", { polledAtMs: NOW - 60_000 }, false],
    ["not polled for longer", { polledAtMs: NOW - 60_001 }, true],
    ["never polled, though a tap is running", { polledAtMs: null }, true],
    ["polled seldom, as configured", { polledAtMs: NOW - 500_000, pollEveryMs: 300_000 }, false],
    ["polled more seldom than configured", { polledAtMs: NOW - 901_000, pollEveryMs: 300_000 }, true],
    ["no tap is running", { isRefused: true, tapSinceMs: null }, null],
    [
      "a tap that has just started does not know yet",
      { isRefused: true, polledAtMs: NOW - 7_200_000, tapSinceMs: NOW - 29_000 },
      null,
    ],
    ["no poll was due while no tap was running", { polledAtMs: NOW - 7_200_000, tapSinceMs: NOW - 40_000 }, false],
    ["not polled since one is running", { polledAtMs: NOW - 7_200_000, tapSinceMs: NOW - 61_000 }, true],
  ];
  for (const [why, change, expected] of rows)
    it(`${String(expected)}: ${why}`, () => assert.equal(isMet(when, aClusterStatus(change), NOW), expected));

  it("is not covered by rules about groups, nor groups by rules about clusters", () => {
    const rule = aRule({ when, cluster: "p*" });
    assert.deepEqual(
      [
        covers(rule, aClusterStatus()),
        covers(rule, aClusterStatus({ cluster: "test" })),
        covers(rule, aGroupStatus()),
        covers(rule, aGroupStatus({ group: "" })),
        covers(aRule(), aClusterStatus()),
      ],
      [true, false, false, false, false],
    );
    assert.deepEqual(
      [
        isMet(when, aGroupStatus(), NOW),
        isMet({ kind: "lagAbove", messages: 0 }, aClusterStatus({ isRefused: true }), NOW),
      ],
      [false, false],
    );
  });
  it("is described with its reason, or since when", () => {
    assert.equal(
      sentenceOf(when, aClusterStatus({ isRefused: true, reason: "nothing listens at kafka:9092" })),
      "prod does not answer: nothing listens at kafka:9092",
    );
    assert.equal(
      sentenceOf(when, aClusterStatus({ polledAtMs: NOW })),
      "prod has not been polled since 2027-01-15 08:00:00 UTC, so nothing is known of its groups",
    );
    assert.deepEqual(
      [findingInWords(when, aClusterStatus()), conditionInWords(when), factsOf(aClusterStatus({ polledAtMs: null }))],
      ["Not reachable", "cluster not reachable", [{ label: "Last polled", value: "never" }]],
    );
  });
});
