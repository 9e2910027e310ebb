import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import type { ReplayHold } from "#lib/contracts/replay-hold.ts";
import { isWaiting, statusBadge, stopTitle } from "./replay-words.ts";
import { outcomeSentence, pace, shares } from "./outcome-words.ts";
import { itemWords } from "./item-words.ts";

const few = fc.nat(5000);

describe("shares", () => {
  it("add up to the total, whatever became of the items", () => {
    fc.assert(
      fc.property(
        few,
        few,
        few,
        few,
        few,
        few,
        few,
        (consumed, deadLettered, unknown, waiting, skipped, failed, pending) => {
          const sent = consumed + deadLettered + unknown + waiting;
          const parts = shares(
            { total: sent + skipped + failed + pending, sent, skipped, failed, pending, verified: 0, failedAgain: 0 },
            { consumed, deadLettered, waiting, unknown },
          );
          assert.equal(
            parts.reduce((sum, part) => sum + part.items, 0),
            sent + skipped + failed + pending,
          );
          assert.equal(parts.find((part) => part.key === "waiting")?.items, waiting);
        },
      ),
    );
  });
  it("never draws less than nothing while counts and outcomes are read a moment apart", () => {
    const parts = shares(
      { total: 10, sent: 3, skipped: 0, failed: 0, pending: 7, verified: 0, failedAgain: 0 },
      { consumed: 4, deadLettered: 1, waiting: 0, unknown: 0 },
    );
    assert.ok(parts.every((part) => part.items >= 0));
  });
});

const progress = { total: 1204, sent: 812, skipped: 12, failed: 0, pending: 380, verified: 0, failedAgain: 0 };

describe("pace", () => {
  const row = { status: "running", startedAt: "2026-11-21T12:00:00Z", finishedAt: null, progress } as const;
  it("while it runs: the rate of late, so that a pause does not count, and what is left at that rate", () =>
    assert.deepEqual(pace(row, 40), { perSecond: 40, leftSeconds: 9.5 }));
  it("says nothing while nothing is sent", () => assert.equal(pace(row, 0), null));
  it("when over: the rate over all", () =>
    assert.deepEqual(pace({ ...row, status: "completed", finishedAt: "2026-11-21T12:00:20Z" }, 0), {
      perSecond: 40.6,
      leftSeconds: null,
    }));
  it("says nothing of one that waits for a person", () => assert.equal(pace({ ...row, status: "paused" }, 3), null));
});

describe("statusLook", () => {
  const word = (verified: number, failedAgain: number) =>
    statusBadge({
      kind: "redrive",
      status: "completed",
      sandbox: null,
      progress: { ...progress, pending: 0, sent: 3, verified, failedAgain },
    }).word;
  it("calls done what nobody is to consume, once it is sent", () =>
    assert.deepEqual(statusBadge({ kind: "redrive", status: "completed", sandbox: "debug", progress }), {
      word: "SENT",
      tone: "ok",
      sign: "✓",
    }));
  it("does not call done what nobody has seen the end of", () =>
    assert.deepEqual(
      [word(0, 0), word(2, 2), word(3, 0), word(3, 1)],
      ["SENT", "SENT", "VERIFIED", "1 OF 3 FAILED AGAIN"],
    ));
});

describe("outcomeSentence", () => {
  const outcomes = {
    consumed: 598,
    deadLettered: 2,
    otherCause: 1,
    waiting: 0,
    notSent: 0,
    unknown: 0,
    notApplicable: 0,
  };
  it("tells the end", () =>
    assert.equal(
      outcomeSentence(600, "payments", outcomes),
      "600 sent, 600 of 600 verified · 598 consumed by payments · 2 of 600 failed again, 1 of them with another cause",
    ));
  it("waits for nothing in a sandbox", () =>
    assert.equal(
      outcomeSentence(3, null, { ...outcomes, consumed: 0, deadLettered: 0, otherCause: 0, notApplicable: 3 }),
      "3 sent to the sandbox, where nobody is to consume them: there is no outcome to wait for",
    ));
  it("tells how far it is", () =>
    assert.equal(
      outcomeSentence(700, null, { ...outcomes, deadLettered: 0, otherCause: 0 }),
      "verifying: 598 of 700 verified · 598 consumed",
    ));
});

describe("itemWords", () => {
  for (const [item, text] of [
    [{ status: "sent", outcome: "consumed", again: null }, "consumed"],
    [{ status: "sent", outcome: "dead_lettered", again: null }, "failed again"],
    [
      { status: "sent", outcome: "dead_lettered", again: { fingerprint: "a", title: "t", sameCause: true } },
      "failed again, the same cause",
    ],
    [
      { status: "sent", outcome: "dead_lettered", again: { fingerprint: "b", title: "t", sameCause: false } },
      "failed again, another cause",
    ],
    [{ status: "sent", outcome: "not_applicable", again: null }, "sent to the sandbox"],
    [{ status: "skipped", outcome: "not_sent", again: null }, "left out"],
    [{ status: "failed", outcome: "not_sent", again: null }, "not sent: the broker refused it"],
  ] as const) {
    it(`${item.status}, ${item.outcome}: ${text}`, () => assert.equal(itemWords(item).text, text));
  }
});

describe("what holds a run up", () => {
  const waiting: ReplayHold = {
    kind: "waiting_for_empty_group",
    group: "g",
    state: "stable",
    members: [],
    memberCount: 0,
  };
  const blocked: ReplayHold = { kind: "waiting_for_transaction", topic: "t", partition: 0 };
  const refused: ReplayHold = { kind: "refused_by_broker", reason: "not authorized" };
  it("is no fault while it waits for its group or for a transaction", () =>
    assert.deepEqual(
      [waiting, blocked, refused, null].map((hold) => isWaiting({ hold })),
      [true, true, false, false],
    ));
  it("is named by what became of the run, also of runs whose hold was stored as text", () =>
    assert.deepEqual(
      [
        stopTitle({ status: "paused", hold: refused }),
        stopTitle({ status: "paused", hold: null }),
        stopTitle({ status: "running", hold: null }),
        stopTitle({ status: "failed", hold: null }),
        stopTitle({ status: "completed", hold: null }),
      ],
      ["Paused: the broker refuses it", "Paused by itself", "Held up", "Failed", "Not everything was sent"],
    ));
});
