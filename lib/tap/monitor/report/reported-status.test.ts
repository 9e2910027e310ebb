import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Cause, Finding } from "#lib/domain/health/cause.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { ReportedStatus } from "./reported-status.ts";

const GROUP = 7;
const finding = (cause: Cause, sinceMs: number | null = null): Finding => ({
  cause,
  sinceMs,
  sentence: `${cause} it is`,
  at: null,
  facts: [],
  data: {},
});

class Play {
  said = new ReportedStatus([], [], 0);
  nowMs = 0;
  readonly written: string[] = [];

  /** looks five seconds apart */
  look(
    verdict: Verdict,
    found: Finding | null = null,
    { isCertain = true, lag = 10n }: { isCertain?: boolean; lag?: bigint } = {},
  ): readonly [Verdict, Cause | null] {
    this.nowMs += 5000;
    const told = this.said.report(GROUP, verdict, found, isCertain, this.nowMs);
    const change = this.said.incident(
      GROUP,
      { ...told, severity: 3, reason: null, lagMessages: lag, timeLagMs: 0 },
      this.nowMs,
    );
    if (change !== null)
      this.written.push(
        `${change.kind} ${change.incidentId ?? "new"} ${change.verdict} ${change.finding?.cause ?? "-"}`,
      );
    if (change?.kind === "opened") this.said.setOpened(new Map([[GROUP, 1]]));
    return [told.verdict, told.finding?.cause ?? null];
  }

  looks(count: number, verdict: Verdict, found: Finding | null = null): readonly [Verdict, Cause | null] {
    let last = this.look(verdict, found);
    for (let i = 1; i < count; i++) last = this.look(verdict, found);
    return last;
  }
}

describe("SaidOfGroups", () => {
  it("says nothing of what holds for a moment, and ends nothing that stops for a moment", () => {
    const play = new Play();
    assert.deepEqual(play.look("stopped"), ["ok", null]);
    assert.deepEqual(play.look("ok"), ["ok", null]);
    assert.deepEqual(play.looks(3, "stopped"), ["stopped", null]);
    assert.deepEqual(play.looks(4, "ok"), ["stopped", null]);
    assert.deepEqual(play.look("ok"), ["ok", null]);
    assert.deepEqual(play.written, ["opened new stopped -", "closed 1 ok -"]);
  });

  it("names a cause before the verdict says anything, and then says at least what it means", () => {
    const play = new Play();
    assert.deepEqual(play.looks(2, "ok", finding("hung_member", 1000)), ["stopped", "hung_member"]);
    assert.deepEqual(play.looks(3, "stalled", finding("hung_member", 9000)), ["stalled", "hung_member"]);
    assert.deepEqual(
      play.said.report(GROUP, "stalled", finding("hung_member", 9000), true, play.nowMs + 1).causeSinceMs,
      1000,
      "known best at first sight",
    );
    assert.deepEqual(play.written, ["opened new stopped hung_member", "changed 1 stalled hung_member"]);
  });

  it("gives a reader time to turn to a partition before it calls an event poison", () => {
    const play = new Play();
    assert.deepEqual(play.looks(3, "ok", finding("poison_event")), ["ok", null]);
    assert.deepEqual(play.look("ok", finding("poison_event")), ["stopped", "poison_event"]);
  });

  it("keeps a cause through short gaps, and its incident through a change of cause", () => {
    const play = new Play();
    play.looks(2, "ok", finding("no_members"));
    assert.deepEqual(play.looks(3, "ok"), ["stopped", "no_members"]);
    assert.deepEqual(play.looks(3, "ok", finding("too_slow")), ["warning", "too_slow"]);
    play.looks(5, "ok");
    assert.deepEqual(play.written, ["opened new stopped no_members", "changed 1 warning too_slow", "closed 1 ok -"]);
  });

  it("says nothing new while little is known, and forgets nothing either", () => {
    const play = new Play();
    play.said = new ReportedStatus(
      [
        {
          groupId: GROUP,
          verdict: "stopped",
          verdictSinceMs: 500,
          causeSinceMs: 400,
          finding: finding("no_members", 400),
        },
      ],
      [
        {
          id: 9,
          groupId: GROUP,
          verdict: "stopped",
          cause: "no_members",
          severity: 3,
          peakLagMessages: 100n,
          peakTimeLagMs: 5,
        },
      ],
      1000,
    );
    for (const verdict of ["ok", "ok", "ok", "rewound", "rewound", "ok"] as const)
      assert.deepEqual(play.look(verdict, null, { isCertain: false }), ["stopped", "no_members"]);
    assert.deepEqual(play.written, [], "the incident that was open goes on");
    const told = play.said.report(GROUP, "stopped", finding("no_members", 999), true, play.nowMs + 5000);
    assert.deepEqual([told.verdictSinceMs, told.causeSinceMs], [500, 400]);
  });

  it("writes the peaks of an incident when they have risen by a tenth", () => {
    const play = new Play();
    play.looks(3, "stopped");
    for (const lag of [20n, 21n, 15n, 30n]) play.look("stopped", null, { lag });
    assert.deepEqual(play.written, ["opened new stopped -", "peak 1 stopped -", "peak 1 stopped -"]);
  });
});
