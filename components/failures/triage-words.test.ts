import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FailureTriage } from "#lib/contracts/failure-triage.ts";
import type { FailureGroupRow } from "#lib/contracts/failures.ts";
import { triageSentence } from "./triage-words.ts";

const triage = (change: Partial<FailureTriage>): FailureTriage => ({
  status: "resolved",
  changedAt: "2026-11-21T10:00:00.000Z",
  changedBy: "mia",
  snoozedUntil: null,
  reopened: null,
  eventsSince: 12,
  cameBackAt: null,
  ...change,
});

describe("a decision in words", () => {
  const ROWS: readonly [FailureGroupRow["state"], FailureTriage | null, RegExp | null][] = [
    ["open", null, null],
    [
      "open",
      triage({ reopened: "came_back", cameBackAt: "2026-11-21T11:30:00.000Z" }),
      /^Came back at 2026-11-21 11:30 UTC after mia resolved it at 2026-11-21 10:00 UTC: 12 dead letters since\.$/,
    ],
    [
      "open",
      triage({ status: "snoozed", reopened: "got_worse" }),
      /^Got worse since mia snoozed it at 2026-11-21 10:00 UTC: 12 dead letters, more than twice as many as before\.$/,
    ],
    [
      "open",
      triage({ status: "snoozed", reopened: "snooze_over", eventsSince: 1 }),
      /^The snooze by mia has ended: 1 dead letter since\.$/,
    ],
    [
      "snoozed",
      triage({ status: "snoozed", snoozedUntil: "2026-11-21T18:00:00.000Z" }),
      /^Snoozed until 2026-11-21 18:00 UTC by mia, unless it gets worse\.$/,
    ],
    ["resolved", triage({}), /^Resolved at 2026-11-21 10:00 UTC by mia\.$/],
    ["open", triage({}), null],
  ];
  for (const [state, decided, words] of ROWS) {
    it(`${state} ${decided?.reopened ?? decided?.status ?? "undecided"}`, () => {
      const sentence = triageSentence({ state, triage: decided }, "utc");
      if (words === null) assert.equal(sentence, null);
      else assert.match(sentence ?? "", words);
    });
  }
});
