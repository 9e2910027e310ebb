import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { triageStateOf, type Triage, type TriageFacts, type TriageState } from "./triage.ts";

const NOW = Date.UTC(2026, 10, 21);
const HOUR_MS = 3_600_000;
const triage = (status: Triage["status"], untilMs: number | null = null): Triage => ({
  status,
  changedAtMs: NOW - HOUR_MS,
  snoozedUntilMs: untilMs,
});
const factsOf = (change: Partial<TriageFacts> = {}): TriageFacts => ({
  unresolvedEvents: 5,
  eventsSince: 0,
  eventsBefore: 0,
  firstOpenSinceMs: null,
  ...change,
});
const TOMORROW = NOW + 24 * HOUR_MS;

describe("triageStateOf", () => {
  const ROWS: readonly [
    why: string,
    decision: Triage | null,
    facts: TriageFacts,
    state: TriageState["state"],
    reopened: TriageState["reopened"],
  ][] = [
    ["no decision", null, factsOf(), "open", null],
    ["all events were replayed", null, factsOf({ unresolvedEvents: 0 }), "resolved", null],
    ["reopened by hand", triage("open"), factsOf(), "open", null],
    ["resolved by hand", triage("resolved"), factsOf({ unresolvedEvents: 0 }), "resolved", null],
    [
      "resolved while a replay is running for some events",
      triage("resolved"),
      factsOf({ unresolvedEvents: 2 }),
      "open",
      null,
    ],
    [
      "resolved, then one event failed",
      triage("resolved"),
      factsOf({ unresolvedEvents: 1, eventsSince: 1, firstOpenSinceMs: NOW - 1 }),
      "open",
      "came_back",
    ],
    [
      "resolved, then one event failed and was replayed",
      triage("resolved"),
      factsOf({ unresolvedEvents: 0, eventsSince: 1 }),
      "resolved",
      null,
    ],
    ["snoozed", triage("snoozed", TOMORROW), factsOf({ eventsSince: 9 }), "snoozed", null],
    ["snoozed until now, so the time is over", triage("snoozed", NOW), factsOf(), "open", "snooze_over"],
    [
      "snoozed, with ten events since and four before",
      triage("snoozed", TOMORROW),
      factsOf({ eventsSince: 10, eventsBefore: 4 }),
      "open",
      "got_worse",
    ],
    [
      "snoozed, with ten events since and five before",
      triage("snoozed", TOMORROW),
      factsOf({ eventsSince: 10, eventsBefore: 5 }),
      "snoozed",
      null,
    ],
    [
      "snoozed, then all events were replayed",
      triage("snoozed", TOMORROW),
      factsOf({ unresolvedEvents: 0, eventsSince: 90 }),
      "resolved",
      null,
    ],
  ];
  for (const [why, decision, facts, state, reopened] of ROWS)
    it(why, () => assert.deepEqual(triageStateOf(decision, facts, NOW), { state, reopened }));
});
