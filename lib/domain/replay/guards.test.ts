import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { holdText } from "./hold.ts";
import { reasonToStop, stepOfCanary, type Canary, type CanaryFacts, type Surroundings } from "./guards.ts";

const NOW = 1_000_000;
const facts = (row: Partial<CanaryFacts> = {}): CanaryFacts => ({
  settled: false,
  sent: 0,
  refused: 0,
  verified: 0,
  failedAgain: 0,
  lastSentAtMs: null,
  ...row,
});
const canary = (row: Partial<Canary> = {}): Canary => ({ items: 3, timeoutSeconds: 60, then: "pause", ...row });

const CANARY: readonly { why: string; canary?: Partial<Canary>; facts: Partial<CanaryFacts>; step: string }[] = [
  { why: "without one everything goes", canary: { items: 0 }, facts: {}, step: "send Infinity" },
  { why: "the first few go first", facts: {}, step: "send 3" },
  { why: "what is left of them goes after a crash", facts: { sent: 1, lastSentAtMs: NOW }, step: "send 2" },
  { why: "one that cannot be sent counts as tried", facts: { sent: 1, refused: 1, lastSentAtMs: NOW }, step: "send 1" },
  { why: "it waits for their outcome", facts: { sent: 3, verified: 2, lastSentAtMs: NOW - 59_999 }, step: "wait" },
  {
    why: "all consumed: the rest goes",
    facts: { sent: 3, verified: 3, lastSentAtMs: NOW - 5000 },
    step: "send Infinity, settled",
  },
  {
    why: "one failed again: the rest stays, even before the others are known",
    facts: { sent: 3, verified: 1, failedAgain: 1, lastSentAtMs: NOW },
    step: "1 of the 3 events sent first failed again. The rest was not sent.",
  },
  {
    why: "too late: it stops",
    facts: { sent: 3, verified: 1, lastSentAtMs: NOW - 60_000 },
    step: "Of the 3 events sent first only 1 was seen consumed within 60 s. The rest was not sent.",
  },
  {
    why: "too late, but told to go on",
    canary: { then: "go_on" },
    facts: { sent: 3, lastSentAtMs: NOW - 60_000 },
    step: "send Infinity, settled",
  },
  {
    why: "a person has overruled it",
    facts: { settled: true, sent: 3, failedAgain: 3, verified: 3 },
    step: "send Infinity",
  },
  {
    why: "all refused says nothing good of the rest",
    canary: { items: 1 },
    facts: { refused: 1 },
    step: "None of the 1 event to be sent first could be sent. The rest was not tried.",
  },
];

describe("stepOfCanary", () => {
  for (const row of CANARY) {
    it(row.why, () => {
      const step = stepOfCanary(canary(row.canary), facts(row.facts), NOW);
      assert.equal(
        step.do === "pause"
          ? holdText({ kind: "paused_by_guard", ...step.stop })
          : step.do === "wait"
            ? "wait"
            : `send ${step.atMost}${step.settled === true ? ", settled" : ""}`,
        row.step,
      );
    });
  }
});

const group = { name: "payments", cause: "no_members", causeSinceMs: NOW, reason: "payments has no members." };
const STOPS: readonly { why: string; row: Partial<Surroundings>; reason: string | null }[] = [
  { why: "nothing known, nothing stops it", row: {}, reason: null },
  { why: "two that fail again may be chance", row: { verified: 2, failedAgain: 2 }, reason: null },
  { why: "the share itself is borne", row: { verified: 50, failedAgain: 10 }, reason: null },
  {
    why: "more than the share is not",
    row: { verified: 50, failedAgain: 11 },
    reason: "11 of the last 50 verified failed again: more than 20 %.",
  },
  {
    why: "the group has lost its members since",
    row: { group },
    reason: "payments does not consume any more: payments has no members.",
  },
  { why: "it had none when the run was set going", row: { group, sinceMs: NOW + 1 }, reason: null },
  { why: "slow is not stopped", row: { group: { ...group, cause: "too_slow" } }, reason: null },
  { why: "well", row: { group: { ...group, cause: null, causeSinceMs: null } }, reason: null },
];

describe("reasonToStop", () => {
  for (const { why, row, reason } of STOPS)
    it(why, () => {
      const surroundings = { verified: 0, failedAgain: 0, stopAbove: 0.2, group: null, sinceMs: NOW - 1, ...row };
      const stop = reasonToStop(surroundings);
      assert.equal(stop === null ? null : holdText({ kind: "paused_by_guard", ...stop }), reason);
    });
});
