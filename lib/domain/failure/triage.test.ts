import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { comparisonMs, triageStateOf, type Triage, type TriageFacts, type TriageState } from "./triage.ts";

const NOW = Date.UTC(2026, 10, 21);
const HOUR_MS = 3_600_000;
const care = (status: Triage["status"], untilMs: number | null = null): Triage => ({
  status,
  changedAtMs: NOW - HOUR_MS,
  snoozedUntilMs: untilMs,
});
const facts = (change: Partial<TriageFacts> = {}): TriageFacts => ({
  unresolvedEvents: 5,
  eventsSince: 0,
  eventsBefore: 0,
  firstOpenSinceMs: null,
  ...change,
});
const TOMORROW = NOW + 24 * HOUR_MS;

describe("where a failure stands", () => {
  const ROWS: readonly [
    why: string,
    care: Triage | null,
    facts: TriageFacts,
    state: TriageState["state"],
    reopened: TriageState["reopened"],
  ][] = [
    ["nobody decided anything", null, facts(), "open", null],
    ["all of it was replayed", null, facts({ unresolvedEvents: 0 }), "resolved", null],
    ["somebody opened it again", care("open"), facts(), "open", null],
    ["resolved by hand", care("resolved"), facts({ unresolvedEvents: 0 }), "resolved", null],
    ["resolved while some are in a running replay", care("resolved"), facts({ unresolvedEvents: 2 }), "open", null],
    [
      "resolved, and one failed since",
      care("resolved"),
      facts({ unresolvedEvents: 1, eventsSince: 1, firstOpenSinceMs: NOW - 1 }),
      "open",
      "came_back",
    ],
    [
      "came back, and that was replayed too",
      care("resolved"),
      facts({ unresolvedEvents: 0, eventsSince: 1 }),
      "resolved",
      null,
    ],
    ["snoozed", care("snoozed", TOMORROW), facts({ eventsSince: 9 }), "snoozed", null],
    ["snoozed until now", care("snoozed", NOW), facts(), "open", "snooze_over"],
    [
      "snoozed, ten since where there were four",
      care("snoozed", TOMORROW),
      facts({ eventsSince: 10, eventsBefore: 4 }),
      "open",
      "got_worse",
    ],
    [
      "snoozed, ten since where there were five",
      care("snoozed", TOMORROW),
      facts({ eventsSince: 10, eventsBefore: 5 }),
      "snoozed",
      null,
    ],
    [
      "snoozed, and all of it replayed",
      care("snoozed", TOMORROW),
      facts({ unresolvedEvents: 0, eventsSince: 90 }),
      "resolved",
      null,
    ],
  ];
  for (const [why, decided, seen, state, reopened] of ROWS)
    it(why, () => assert.deepEqual(triageStateOf(decided, seen, NOW), { state, reopened }));
});

it("compares with as long a time before, an hour at least", () =>
  assert.deepEqual([comparisonMs(60_000), comparisonMs(2 * HOUR_MS)], [HOUR_MS, 2 * HOUR_MS]));
