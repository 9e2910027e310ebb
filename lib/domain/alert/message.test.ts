import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { NOW } from "./a-status.test-data.ts";
import { pauseAfter, readHttpStatus, readRetryAfter } from "./attempts.ts";
import { composeMessage, type AlertInMessage } from "./message.ts";
import { silenceOf, type Silence } from "./silence.ts";

const anAlert = (change: Partial<AlertInMessage> = {}): AlertInMessage => ({
  about: "group",
  cluster: "prod eu",
  group: "pay/ments",
  verdict: "stalled",
  cause: "poison_event",
  title: "Poison event",
  sentence: "orders[1] stands still",
  facts: [],
  incidentId: 7,
  firedAtMs: NOW,
  resolvedAtMs: null,
  ...change,
});
const compose = (alerts: readonly AlertInMessage[], change: Partial<Parameters<typeof composeMessage>[0]> = {}) =>
  composeMessage({
    kind: "firing",
    rule: "stuck",
    severity: "critical",
    alerts,
    total: alerts.length,
    url: "https://flowtap.example",
    ...change,
  });

describe("a message", () => {
  it("of one alert leads to its group at that moment", () => {
    const message = compose([anAlert()]);
    assert.deepEqual(
      [message.title, message.sentence, message.url],
      [
        "pay/ments · Poison event",
        "orders[1] stands still",
        "https://flowtap.example/groups/prod%20eu/pay%2Fments?at=2027-01-15T08%3A00%3A00.000Z",
      ],
    );
  });
  it("of many names the first five and counts the rest", () => {
    const message = compose(
      Array.from({ length: 20 }, (_, i) => anAlert({ group: `g${i}` })),
      { total: 1500 },
    );
    assert.deepEqual(
      [message.title, message.sentence, message.url, message.alerts.length],
      [
        "1,500 groups · stuck",
        "g0, g1, g2, g3, g4 and 1,495 more. First: orders[1] stands still",
        "https://flowtap.example/alerts",
        20,
      ],
    );
  });
  it("says when it is over, and leads to that moment", () => {
    const message = compose([anAlert({ resolvedAtMs: NOW + 60_000 })], { kind: "resolved" });
    assert.match(message.title, /^Resolved: pay\/ments/);
    assert.match(message.url, /at=2027-01-15T08%3A01%3A00.000Z$/);
  });
  it("about a cluster names it and leads to its groups as they are", () => {
    const cluster = anAlert({
      about: "cluster",
      group: "",
      verdict: "unknown",
      cause: null,
      title: "Not reachable",
      sentence: "prod eu does not answer",
    });
    const message = compose([cluster]);
    assert.deepEqual(
      [message.title, message.url],
      ["prod eu · Not reachable", "https://flowtap.example/groups?cluster=prod%20eu"],
    );
    assert.equal(compose([cluster, { ...cluster, cluster: "us" }]).title, "2 clusters · stuck");
  });
  it("about dead letters that name no group leads to the failures", () =>
    assert.match(compose([anAlert({ group: "" })]).url, /\/failures\?at=/));
});

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

describe("attempts", () => {
  it("wait ever longer, never longer than a quarter of an hour, and never shorter than asked", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.option(fc.integer({ min: 0, max: 10_000_000 })),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempts, asked, chance) => {
          const pause = pauseAfter(attempts, asked, chance);
          assert.ok(
            pause >= 1000 &&
              pause >= Math.min(asked ?? 0, 3_600_000) &&
              pause <= Math.max(900_000, Math.min(asked ?? 0, 3_600_000)),
          );
        },
      ),
    );
    assert.deepEqual(
      [1, 2, 3, 20].map((attempts) => pauseAfter(attempts, null, 0)),
      [1000, 2000, 4000, 450_000],
    );
  });
  for (const [status, outcome] of [
    [200, "sent"],
    [202, "sent"],
    [204, "sent"],
    [301, "refused"],
    [400, "refused"],
    [401, "refused"],
    [404, "refused"],
    [410, "refused"],
    [408, "again"],
    [429, "again"],
    [500, "again"],
    [503, "again"],
  ] as const) {
    it(`${status}: ${outcome}`, () => assert.equal(readHttpStatus(status), outcome));
  }
  for (const [header, expected] of [
    [null, null],
    ["7", 7000],
    [new Date(NOW + 5000).toUTCString(), 5000],
    [new Date(NOW - 5000).toUTCString(), 0],
    ["soon", null],
  ] as const) {
    it(`Retry-After ${header}`, () => assert.equal(readRetryAfter(header, NOW), expected));
  }
});
