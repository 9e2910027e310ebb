import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IncidentView } from "#lib/contracts/incidents.ts";
import { incidentReport } from "./incident-report.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 2, minute)).toISOString();
const point = (minute: number, lagMessages: number | null) => ({
  at: at(minute),
  lagMessages,
  timeLagMs: null,
  inRate: 1,
  outRate: 0,
  errors: 0,
  members: 1,
  verdict: null,
  commits: null,
});
const view = (over: Partial<IncidentView["incident"]> = {}): IncidentView => ({
  incident: {
    id: 7,
    cluster: "prod",
    group: "pay|ments",
    openedAt: at(23),
    closedAt: at(41),
    verdict: "stalled",
    cause: "poison_event",
    severity: 3,
    reason: "orders[3] has not moved for 18 min",
    peakLagMessages: "4212",
    peakTimeLagMs: 1_080_000,
    changes: [
      {
        at: at(23),
        kind: "opened",
        verdict: "stalled",
        cause: "poison_event",
        reason: "orders[3] has not moved",
        reasonKind: "not_moving_for",
        finding: {
          cause: "poison_event",
          title: "Poison event",
          sentence: "orders[3] does not get past <script>",
          since: at(23),
          at: null,
          facts: [{ label: "At the head", value: "a\n# heading | cell" }],
          data: {},
        },
      },
      { at: at(41), kind: "closed", verdict: "ok", cause: null, reason: null, reasonKind: null, finding: null },
    ],
    ...over,
  },
  service: null,
  protocol: "classic",
  topics: ["orders"],
  stepSeconds: 60,
  series: [point(20, 0), point(23, 100), point(24, null), point(41, 4212)],
  events: [{ at: at(22), kind: "left", text: "payments-7c9 left" }],
  moments: [],
  readAt: at(50),
});

describe("incidentReport", () => {
  const text = incidentReport(view(), "https://flowtap.example");
  it("says what it was, from when to when, and for how long", () => {
    assert.match(text, /^# pay\\\|ments: poison event$/m);
    assert.match(text, /From 2026-11-21 02:23:00 to 2026-11-21 02:41:00, 18 min\./);
    assert.match(incidentReport(view({ closedAt: null }), ""), /Open since 2026-11-21 02:23:00, 27 min so far\./);
  });
  it("tells what happened in its order, with links to that moment", () => {
    const lines = text.split("\n").filter((line) => line.startsWith("- [2026"));
    assert.deepEqual(
      lines.map((line) => line.replace(/\(.*?\)/, "")),
      [
        "- [2026-11-21 02:22:00] payments-7c9 left",
        "- [2026-11-21 02:23:00] Opened \\(poison event\\): orders\\[3\\] has not moved",
        "- [2026-11-21 02:41:00] Closed",
      ],
    );
    assert.match(
      lines[0] ?? "",
      /\(https:\/\/flowtap\.example\/groups\/prod\/~cGF5fG1lbnRz\?at=2026-11-21T02%3A22%3A00\.000Z\)/,
    );
  });
  it("draws the lag, with gaps where nothing is known", () =>
    assert.match(text, /^lag {7}▁▁ █ at most 4,212 events$/m));
  it("keeps what brokers named from becoming Markdown or HTML", () => {
    assert.doesNotMatch(text, /<script>/);
    assert.doesNotMatch(text, /^# heading/m);
  });
});
