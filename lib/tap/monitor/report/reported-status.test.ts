import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Cause } from "#lib/domain/health/cause.ts";
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { ReportedStatus } from "./reported-status.ts";

const GROUP = 7;
const finding = (cause: Cause, sinceMs: number | null = null): ReportedFinding => ({
  cause,
  sinceMs,
  sentence: `${cause} it is`,
  at: null,
  facts: [],
  data: {},
});

class World {
  status = new ReportedStatus([], [], 0);
  nowMs = 0;
  readonly written: string[] = [];

  /** cycles of five seconds */
  cycle(
    verdict: Verdict,
    found: ReportedFinding | null = null,
    { isCertain = true, lag = 10n }: { isCertain?: boolean; lag?: bigint } = {},
  ): readonly [Verdict, Cause | null] {
    this.nowMs += 5000;
    const reported = this.status.report(GROUP, verdict, found, isCertain, this.nowMs);
    const change = this.status.incident(
      GROUP,
      { ...reported, severity: 3, reason: null, lagMessages: lag, timeLagMs: 0 },
      this.nowMs,
    );
    if (change !== null)
      this.written.push(
        `${change.kind} ${change.incidentId ?? "new"} ${change.verdict} ${change.finding?.cause ?? "-"}`,
      );
    if (change?.kind === "opened") this.status.setOpened(new Map([[GROUP, 1]]));
    return [reported.verdict, reported.finding?.cause ?? null];
  }

  cycles(count: number, verdict: Verdict, found: ReportedFinding | null = null): readonly [Verdict, Cause | null] {
    let last = this.cycle(verdict, found);
    for (let i = 1; i < count; i++) last = this.cycle(verdict, found);
    return last;
  }
}

describe("ReportedStatus", () => {
  it("does not report trouble that holds for a moment, and does not end trouble that stops for a moment", () => {
    const world = new World();
    assert.deepEqual(world.cycle("stopped"), ["ok", null]);
    assert.deepEqual(world.cycle("ok"), ["ok", null]);
    assert.deepEqual(world.cycles(3, "stopped"), ["stopped", null]);
    assert.deepEqual(world.cycles(4, "ok"), ["stopped", null]);
    assert.deepEqual(world.cycle("ok"), ["ok", null]);
    assert.deepEqual(world.written, ["opened new stopped -", "closed 1 ok -"]);
  });

  it("reports a cause before the verdict is bad, and then at least the verdict that the cause means", () => {
    const world = new World();
    assert.deepEqual(world.cycles(2, "ok", finding("hung_member", 1000)), ["stopped", "hung_member"]);
    assert.deepEqual(world.cycles(3, "stalled", finding("hung_member", 9000)), ["stalled", "hung_member"]);
    assert.deepEqual(
      world.status.report(GROUP, "stalled", finding("hung_member", 9000), true, world.nowMs + 1).causeSinceMs,
      1000,
      "known best when it was first found",
    );
    assert.deepEqual(world.written, ["opened new stopped hung_member", "changed 1 stalled hung_member"]);
  });

  it("gives a consumer time to turn to a partition before it calls an event poison", () => {
    const world = new World();
    assert.deepEqual(world.cycles(3, "ok", finding("poison_event")), ["ok", null]);
    assert.deepEqual(world.cycle("ok", finding("poison_event")), ["stopped", "poison_event"]);
  });

  it("keeps a cause through short gaps, and its incident through a change of cause", () => {
    const world = new World();
    world.cycles(2, "ok", finding("no_members"));
    assert.deepEqual(world.cycles(3, "ok"), ["stopped", "no_members"]);
    assert.deepEqual(world.cycles(3, "ok", finding("too_slow")), ["warning", "too_slow"]);
    world.cycles(5, "ok");
    assert.deepEqual(world.written, ["opened new stopped no_members", "changed 1 warning too_slow", "closed 1 ok -"]);
  });

  it("reports nothing new while little is certain, and keeps what was reported before", () => {
    const world = new World();
    world.status = new ReportedStatus(
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
      assert.deepEqual(world.cycle(verdict, null, { isCertain: false }), ["stopped", "no_members"]);
    assert.deepEqual(world.written, [], "the incident that was open goes on");
    const reported = world.status.report(GROUP, "stopped", finding("no_members", 999), true, world.nowMs + 5000);
    assert.deepEqual([reported.verdictSinceMs, reported.causeSinceMs], [500, 400]);
  });

  it("writes the peaks of an incident when they have risen by a tenth", () => {
    const world = new World();
    world.cycles(3, "stopped");
    for (const lag of [20n, 21n, 15n, 30n]) world.cycle("stopped", null, { lag });
    assert.deepEqual(world.written, ["opened new stopped -", "peak 1 stopped -", "peak 1 stopped -"]);
  });
});
