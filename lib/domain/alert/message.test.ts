import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NOW } from "./a-status.test-data.ts";
import { composeMessage, type AlertInMessage } from "./message.ts";

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
        "https://flowtap.example/groups/prod%20eu/~cGF5L21lbnRz?at=2027-01-15T08%3A00%3A00.000Z",
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
