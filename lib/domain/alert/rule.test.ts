import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aClusterStatus, aRule, aGroupStatus, NOW } from "./a-status.test-data.ts";
import { covers, isMet, type WatchedCluster, type Condition, type WatchedGroup } from "./rule.ts";
import { conditionInWords, factsOf, findingInWords, sentenceOf, spanInWords } from "./words.ts";

const FINDING = {
  cause: "poison_event",
  sinceMs: NOW - 60_000,
  sentence: "orders[1] stands at 91,204",
  at: { topic: "orders", partition: 1, offset: "91204" },
  facts: [
    { label: "Members", value: "3 alive" },
    { label: "Redelivered", value: "41 times" },
  ],
  data: {},
} as const;

describe("a condition", () => {
  const rows: readonly [why: string, when: Condition, standing: Partial<WatchedGroup>, expected: boolean | null][] = [
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
    ["a standing that is too old to tell", { kind: "lagAbove", messages: 0 }, { evaluatedAtMs: NOW - 120_000 }, null],
    ["a group nobody has looked at yet", { kind: "verdict", verdicts: ["stalled"] }, { evaluatedAtMs: null }, null],
    [
      "dead letters, which are counted apart from the standing",
      { kind: "deadLettersPerMinuteAbove", events: 0 },
      { deadLettersPerMinute: 1, evaluatedAtMs: null },
      true,
    ],
  ];
  for (const [why, when, standing, expected] of rows)
    it(`${String(expected)}: ${why}`, () => assert.equal(isMet(when, aGroupStatus(standing), NOW), expected));

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
  const rows: readonly [why: string, standing: Partial<WatchedCluster>, expected: boolean | null][] = [
    ["looked at a moment ago", {}, false],
    ["the last try failed", { isRefused: true, reason: "nothing listens" }, true],
    ["not looked at for a minute", { lookedAtMs: NOW - 60_000 }, false],
    ["not looked at for longer", { lookedAtMs: NOW - 60_001 }, true],
    ["never looked at, though a tap is there", { lookedAtMs: null }, true],
    ["looked at seldom, as configured", { lookedAtMs: NOW - 500_000, lookEveryMs: 300_000 }, false],
    ["looked at more seldom than configured", { lookedAtMs: NOW - 901_000, lookEveryMs: 300_000 }, true],
    ["no tap is there that could say so", { isRefused: true, tapSinceMs: null }, null],
    [
      "a tap that has just started cannot know yet",
      { isRefused: true, lookedAtMs: NOW - 7_200_000, tapSinceMs: NOW - 29_000 },
      null,
    ],
    ["nobody looked while no tap was there", { lookedAtMs: NOW - 7_200_000, tapSinceMs: NOW - 40_000 }, false],
    ["nor since one is there", { lookedAtMs: NOW - 7_200_000, tapSinceMs: NOW - 61_000 }, true],
  ];
  for (const [why, standing, expected] of rows)
    it(`${String(expected)}: ${why}`, () => assert.equal(isMet(when, aClusterStatus(standing), NOW), expected));

  it("is no business of rules about groups, nor the other way round", () => {
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
  it("is said with its reason, or since when", () => {
    assert.equal(
      sentenceOf(when, aClusterStatus({ isRefused: true, reason: "nothing listens at kafka:9092" })),
      "prod does not answer: nothing listens at kafka:9092",
    );
    assert.equal(
      sentenceOf(when, aClusterStatus({ lookedAtMs: NOW })),
      "prod is not looked at since 2027-01-15 08:00:00 UTC, and nothing is known of its groups",
    );
    assert.deepEqual(
      [findingInWords(when, aClusterStatus()), conditionInWords(when), factsOf(aClusterStatus({ lookedAtMs: null }))],
      ["Not reachable", "cluster not reachable", [{ label: "Last looked at", value: "never" }]],
    );
  });
});

describe("words", () => {
  it("say what was found, why, and the limit where there is one", () => {
    const threshold = { kind: "timeLagAbove", ms: 600_000 } as const;
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
    [40_000, "40 s"],
    [60_000, "1 min"],
    [7_500_000, "2 h 5 min"],
    [514_800_000, "5 d 23 h"],
  ] as const)
    it(`${ms} ms: ${words}`, () => assert.equal(spanInWords(ms), words));
});
