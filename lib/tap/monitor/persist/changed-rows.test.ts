import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GroupEvaluation } from "#lib/store/groups/group-evaluations-write.ts";
import type { LagPoint } from "#lib/store/groups/lag-points-write.ts";
import { ChangedRows } from "./changed-rows.ts";

const evaluation = (over: Partial<GroupEvaluation> = {}): GroupEvaluation => ({
  groupId: 7,
  verdict: "ok",
  verdictSinceMs: 0,
  evidence: 1,
  reason: null,
  severity: 0,
  lagMessages: 0n,
  timeLagMs: 0,
  timeLagIsFloor: false,
  inRate: 0,
  outRate: 0,
  catchUpSeconds: null,
  dataLossSeconds: null,
  lostMessages: 0n,
  finding: null,
  causeSinceMs: null,
  ...over,
});
const point = (over: Partial<LagPoint> = {}): LagPoint => ({
  groupId: 7,
  destinationId: 3,
  lagMessages: 5n,
  timeLagMs: 0,
  memberCount: 1,
  verdict: "ok",
  ...over,
});

describe("ChangedRows", () => {
  it("writes an unchanged group every fifteen seconds, and every eight while events pass", () => {
    const idle = new ChangedRows();
    const times = [0, 5000, 14_000, 15_000];
    assert.deepEqual(
      times.filter((nowMs) => idle.changed([evaluation()], nowMs).length > 0),
      [0, 15_000],
    );
    const busy = new ChangedRows();
    assert.deepEqual(
      [0, 5000, 8000, 14_000].filter((nowMs) => busy.changed([evaluation({ inRate: 2 })], nowMs).length > 0),
      [0, 8000],
    );
  });

  it("writes a changed group at once, but not for its rates alone", () => {
    const rows = new ChangedRows();
    rows.changed([evaluation({ inRate: 2 })], 0);
    assert.equal(rows.changed([evaluation({ inRate: 3 })], 1000).length, 0);
    assert.equal(rows.changed([evaluation({ inRate: 3, verdict: "stopped" })], 2000).length, 1);
  });

  it("writes a group anew that was gone in between", () => {
    const rows = new ChangedRows();
    rows.changed([evaluation()], 0);
    rows.forgetOthers(new Map());
    assert.equal(rows.changed([evaluation()], 1000).length, 1);
  });

  it("writes one point for each bucket, and a later one that differs", () => {
    const rows = new ChangedRows();
    assert.equal(rows.changedPoints([point()], 0).length, 1);
    assert.equal(rows.changedPoints([point()], 5000).length, 0);
    assert.equal(rows.changedPoints([point({ lagMessages: 6n })], 9000).length, 1);
    assert.equal(rows.changedPoints([point({ lagMessages: 6n })], 10_000).length, 1);
  });
});
