import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StandingRow } from "#lib/store/inspect-standings.ts";
import { endKey, Standings, type GroupFacts } from "./standings.ts";

const GROUP = 7;
const ORDERS = 3;
const facts = (over: Partial<GroupFacts> = {}): ReadonlyMap<number, GroupFacts> => new Map([[GROUP, { name: "payments", topicOf: () => "orders", memberCount: 3, state: "stable", recentFailures: 0, ...over }]]);
const row = (partition: number, committedOffset: number, atMs: number): StandingRow => ({ groupId: GROUP, destinationId: ORDERS, partition, committedOffset: BigInt(committedOffset), committedAtMs: atMs, movedAtMs: atMs });

/** Turns of five seconds: what was committed by then, and where the log ends. */
function play(standings: Standings, turns: readonly (readonly [committed: number | null, end: number])[], startMs = 0): { rows: StandingRow[]; nowMs: number } {
  let last = row(0, 0, startMs);
  let nowMs = startMs;
  for (const [committed, end] of turns) {
    nowMs += 5000;
    standings.addEnds(new Map([[endKey(ORDERS, 0), BigInt(end)]]), nowMs);
    if (committed !== null) {
      last = { ...row(0, committed, nowMs), movedAtMs: last.committedOffset === BigInt(committed) ? last.movedAtMs : nowMs };
      standings.addCommits([{ groupId: GROUP, destinationId: ORDERS, partition: 0, offset: BigInt(committed), atMs: nowMs }]);
    }
    standings.judge([last], facts(), nowMs);
  }
  return { rows: [last], nowMs };
}
const steps = (count: number, turn: (i: number) => readonly [number | null, number]) => Array.from({ length: count }, (_, i) => turn(i));
const judged = (turns: readonly (readonly [number | null, number])[]) => {
  const standings = new Standings(0n);
  const { rows, nowMs } = play(standings, turns);
  return standings.judge(rows, facts(), nowMs);
};

describe("Standings", () => {
  const cases: readonly [name: string, turns: readonly (readonly [number | null, number])[], verdict: string, reason: string | null][] = [
    ["keeps up", steps(12, (i) => [i * 100, i * 100]), "ok", null],
    ["has begun a moment ago, far behind", [[100, 100_000], [200, 100_000]], "ok", null],
    ["falls behind", steps(12, (i) => [i * 100, i * 150 + 50]), "warning", "payments falls behind: 30/s in, 20/s out"],
    ["commits the same offset while events wait", steps(12, (i) => [100, 200 + i]), "stalled", "orders[0] commits offset 100 again and again for 55 s; 111 events wait"],
    ["stopped committing while events come", [...steps(12, (i) => [i * 100, i * 100] as const), ...steps(14, (i) => [null, 1200 + i * 100] as const)], "stopped", "orders[0] has not moved for 1 min"],
    ["idle, and an event has just come", [...steps(12, () => [100, 100] as const), ...steps(60, () => [null, 100] as const), [null, 101]], "ok", null],
  ];
  for (const [name, turns, verdict, reason] of cases) {
    it(`${name}: ${verdict}`, () => {
      const [group] = judged(turns).groups;
      assert.deepEqual([group?.verdict, group?.reason], [verdict, reason]);
    });
  }

  it("knows a group that stopped long before the tap started", () => {
    const standings = new Standings(0n);
    const rows = [row(0, 100, 0)];
    standings.addEnds(new Map([[endKey(ORDERS, 0), 500n]]), 10_000_000);
    const { groups, partitions } = standings.judge(rows, facts({ memberCount: 0, state: "empty" }), 10_000_000);
    assert.equal(groups[0]?.verdict, "stopped");
    assert.equal(groups[0].severity, 3);
    assert.equal(partitions[0]?.lagMessages, 400n);
  });

  it("asks for the time of the first waiting event once, until it moves", () => {
    const standings = new Standings(0n);
    const rows = [row(0, 100, 0), row(1, 5, 0)];
    standings.addEnds(new Map([[endKey(ORDERS, 0), 500n], [endKey(ORDERS, 1), 5n]]), 1000);
    assert.deepEqual(standings.headsWanted(rows, 10).map((wanted) => wanted.partition), [0]);
    standings.addHeads(rows, [{ destinationId: ORDERS, partition: 0, committedOffset: 100n, firstPosition: 100n, lastPosition: 110n, firstAtMs: 400, lastAtMs: 900 }]);
    assert.deepEqual(standings.headsWanted(rows, 10), []);
    assert.deepEqual(standings.judge(rows, facts(), 61_400).partitions.map((at) => [at.timeLagMs, at.timeLagIsFloor]), [[61_000, false], [0, false]]);
    assert.equal(standings.headsWanted([row(0, 101, 0)], 10).length, 1);
  });

  it("judges nothing where the log's end is not known, and forgets what is gone", () => {
    const standings = new Standings(0n);
    assert.deepEqual(standings.judge([row(0, 100, 0)], facts(), 1000), { partitions: [], groups: [], points: [] });
  });

  it("sums up by topic for the charts", () => {
    const standings = new Standings(0n);
    standings.addEnds(new Map([[endKey(ORDERS, 0), 10n], [endKey(ORDERS, 1), 30n]]), 1000);
    const { points } = standings.judge([row(0, 4, 900), row(1, 10, 900)], facts(), 1000);
    assert.deepEqual(points, [{ groupId: GROUP, destinationId: ORDERS, lagMessages: 26n, timeLagMs: 0, memberCount: 3, verdict: "ok" }]);
  });
});
