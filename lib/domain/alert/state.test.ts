import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aClusterStatus, aRule, aGroupStatus, NOW } from "./a-status.test-data.ts";
import { evaluate, type ActiveAlert, type AlertLife } from "./state.ts";

describe("evaluate", () => {
  const life = (state: "pending" | "firing"): AlertLife => ({
    state,
    pendingAtMs: NOW - 120_000,
    firedAtMs: state === "firing" ? NOW - 60_000 : null,
    clearedAtMs: null,
    resolvedAtMs: null,
  });
  const active = (change: Partial<ActiveAlert> = {}): ActiveAlert => ({
    id: 1,
    rule: "stuck",
    clusterId: 1,
    subject: "payments",
    life: life("firing"),
    ...change,
  });
  const summary = (evaluation: ReturnType<typeof evaluate>) => ({
    changed: evaluation.changed.map(
      ({ id, ruleName, subject, life: { state } }) => `${id ?? "new"} ${ruleName} ${subject} ${state}`,
    ),
    dropped: evaluation.dropped,
    continuing: evaluation.continuing.map(({ id }) => id),
  });

  it("begins one alert for each rule and group it holds for", () => {
    const evaluation = evaluate(
      [
        aRule(),
        aRule({ name: "late", when: { kind: "timeLagAbove", ms: 1 }, forMs: 0 }),
        aRule({ name: "other", group: "x*" }),
      ],
      [
        aGroupStatus(),
        aGroupStatus({ group: "fine", verdict: "ok", timeLagMs: 0 }),
        aGroupStatus({ clusterId: 2, cluster: "eu" }),
      ],
      [],
      NOW,
    );
    assert.deepEqual(summary(evaluation), {
      changed: [
        "new stuck payments pending",
        "new stuck payments pending",
        "new late payments firing",
        "new late payments firing",
      ],
      dropped: [],
      continuing: [],
    });
  });
  it("keeps a cluster's alert apart from that of dead letters without a group", () => {
    const rules = [
      aRule({ name: "away", when: { kind: "clusterUnreachable" }, forMs: 0 }),
      aRule({ name: "dead", when: { kind: "deadLettersPerMinuteAbove", events: 1 }, forMs: 0 }),
    ];
    const watched = [
      aGroupStatus({ group: "", deadLettersPerMinute: 9, evaluatedAtMs: null }),
      aClusterStatus({ isRefused: true }),
    ];
    assert.deepEqual(summary(evaluate(rules, watched, [], NOW)).changed, ["new away  firing", "new dead  firing"]);
    const open = [active({ rule: "away", subject: "" }), active({ id: 2, rule: "dead", subject: "" })];
    assert.deepEqual(summary(evaluate(rules, watched, open, NOW)), { changed: [], dropped: [], continuing: [1, 2] });
    assert.deepEqual(
      summary(evaluate(rules, [watched[0] ?? aGroupStatus(), aClusterStatus({ tapSinceMs: null })], open, NOW)),
      { changed: [], dropped: [], continuing: [1, 2] },
    );
    assert.equal(
      evaluate(rules, [watched[0] ?? aGroupStatus(), aClusterStatus()], open, NOW).changed[0]?.life.clearedAtMs,
      NOW,
    );
  });
  it("goes on with what fires already", () =>
    assert.deepEqual(summary(evaluate([aRule()], [aGroupStatus()], [active()], NOW)), {
      changed: [],
      dropped: [],
      continuing: [1],
    }));
  it("notes when a rule stops holding", () =>
    assert.equal(
      evaluate([aRule()], [aGroupStatus({ verdict: "ok" })], [active()], NOW).changed[0]?.life.clearedAtMs,
      NOW,
    ));
  for (const [why, rules, watched] of [
    ["the group is gone", [aRule()], []],
    ["the rule is gone from the configuration", [], [aGroupStatus()]],
    ["the rule is no longer about the group", [aRule({ group: "orders" })], [aGroupStatus()]],
  ] as const) {
    it(`resolves when ${why}`, () => {
      assert.deepEqual(
        summary(
          evaluate(
            rules,
            watched,
            [
              active({ life: { ...life("firing"), clearedAtMs: NOW - 40_000 } }),
              active({ id: 2, subject: "b", life: life("pending") }),
            ],
            NOW,
          ),
        ),
        { changed: ["1 stuck payments resolved"], dropped: [2], continuing: [] },
      );
    });
  }
  it("changes nothing while the cluster is not evaluated", () => {
    assert.deepEqual(
      summary(
        evaluate(
          [aRule()],
          [aGroupStatus({ evaluatedAtMs: NOW - 600_000, verdict: "ok" })],
          [active({ life: life("pending") })],
          NOW,
        ),
      ),
      { changed: [], dropped: [], continuing: [1] },
    );
  });
});
