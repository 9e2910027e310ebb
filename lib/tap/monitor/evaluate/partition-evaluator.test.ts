import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StalledTransaction } from "#lib/store/destinations/offsets-write.ts";
import type { PartitionEvaluation } from "#lib/store/groups/partition-evaluations-write.ts";
import { log, ORDERS, PartitionWorld, row, topics } from "../partition-world.test-data.ts";

/** Cycles of five seconds: what was committed by then, and where the log ends. */
function run(cycles: readonly (readonly [committed: number | null, end: number])[]): PartitionEvaluation[] {
  const world = new PartitionWorld();
  let last = row(0, 0, 0);
  let evaluations: PartitionEvaluation[] = [];
  for (const [committed, end] of cycles) {
    if (committed !== null)
      last = {
        ...row(0, committed, world.nowMs + 5000),
        movedAtMs: last.committedOffset === BigInt(committed) ? last.movedAtMs : world.nowMs + 5000,
      };
    evaluations = world.cycle([last], [log(0, end)]);
  }
  return evaluations;
}
const steps = (count: number, cycle: (i: number) => readonly [number | null, number]) =>
  Array.from({ length: count }, (_, i) => cycle(i));

describe("PartitionEvaluator", () => {
  const cases: readonly [name: string, cycles: readonly (readonly [number | null, number])[], verdict: string][] = [
    ["keeps up", steps(12, (i) => [i * 100, i * 100]), "ok"],
    [
      "has begun a moment ago, far behind",
      [
        [100, 100_000],
        [200, 100_000],
      ],
      "ok",
    ],
    ["commits the same offset while events wait", steps(14, (i) => [100, 200 + i]), "stalled"],
    [
      "stopped committing while events come",
      [...steps(12, (i) => [i * 100, i * 100] as const), ...steps(14, (i) => [null, 1200 + i * 100] as const)],
      "stopped",
    ],
    [
      "idle, and an event has just come",
      [...steps(12, () => [100, 100] as const), ...steps(60, () => [null, 100] as const), [null, 101]],
      "ok",
    ],
    ["always a little behind, with events on their way only", steps(40, (i) => [i * 100, i * 100 + 90]), "ok"],
  ];
  for (const [name, cycles, verdict] of cases)
    it(`${name}: ${verdict}`, () => {
      assert.equal(run(cycles)[0]?.verdict, verdict);
    });

  it("measures the pace, and forecasts when it has caught up", () => {
    const [evaluation] = run(steps(13, (i) => [i * 100, 2000 + i * 50]));
    assert.deepEqual(
      [evaluation?.inRate, evaluation?.outRate, evaluation?.lagMessages, evaluation?.catchUpSeconds],
      [10, 20, 1400n, 140],
    );
  });

  it("reports a lower bound of the time lag, from its own observation, while it does not know it", () => {
    const world = new PartitionWorld();
    world.cycle([row(0, 100, 0)], [log(0, 500)]);
    assert.deepEqual(
      world.cycle([row(0, 100, 0)], [log(0, 500)], 30_000).map((at) => [at.timeLagMs, at.timeLagIsFloor]),
      [[30_000, true]],
    );
  });

  it("is not fooled by a producer's clock that runs ahead", () => {
    const world = new PartitionWorld();
    const rows = [row(0, 100, 0)];
    world.cycle(rows, [log(0, 500)]);
    world.findHead(0, 100, 3_600_000);
    assert.deepEqual(
      world.cycle(rows, [log(0, 500)], 20_000).map((at) => [at.timeLagMs, at.timeLagIsFloor, at.flag]),
      [[20_000, true, "clock_ahead"]],
    );
  });

  it("does not count transaction markers at the end of a log as lag", () => {
    const world = new PartitionWorld();
    const rows = [row(0, 100, 0)];
    assert.equal(world.cycle(rows, [log(0, 101)])[0]?.lagMessages, 1n);
    world.find({ empty: [{ destinationId: ORDERS, partition: 0, committedOffset: 100n, upTo: 101n }] });
    assert.deepEqual(
      world.cycle(rows, [log(0, 101)]).map((at) => [at.lagMessages, at.timeLagMs, at.verdict]),
      [[0n, 0, "ok"]],
    );
    assert.deepEqual(
      world.cycle(rows, [log(0, 101)], 600_000).map((at) => [at.lagMessages, at.verdict]),
      [[0n, "ok"]],
    );
    assert.equal(world.cycle(rows, [log(0, 103)])[0]?.lagMessages, 3n, "an event has come behind it");
  });

  it("counts what waits behind an open transaction, and flags it once that has been open for long", () => {
    const world = new PartitionWorld();
    const rows = [row(0, 100, 0)];
    const heldByTransaction: StalledTransaction = {
      sinceMs: 0,
      producerId: 4n,
      producerEpoch: 0,
      transactionalId: "tx",
      startedAtMs: 0,
    };
    world.cycle(rows, [log(0, 150, { stable: 100 })]);
    assert.deepEqual(
      world.evaluate().map((at) => [at.evaluation?.lagMessages, at.evaluation?.flag, at.lag.waitsForTransaction]),
      [[50n, null, true]],
    );
    assert.equal(world.cycle(rows, [log(0, 150, { stable: 100, heldByTransaction })])[0]?.flag, "transaction");
    assert.equal(
      world.cycle(rows, [log(0, 150, { stable: 120, heldByTransaction })])[0]?.flag,
      null,
      "events wait that may be read",
    );
  });

  for (const [name, timeOf, expected] of [
    ["in milliseconds", (ms: number) => ms, [70_000, false]],
    ["in seconds", (ms: number) => ms / 1000, [70_000, false]],
    ["in nanoseconds", (ms: number) => ms * 1e6, [70_000, false]],
    ["of 1970", () => 0, [10_000, true]],
    ["that is none", () => -1, [10_000, true]],
    ["of 2100", () => Date.UTC(2100, 0), [10_000, true]],
  ] as const)
    it(`takes a record time ${name} for what it is`, () => {
      const world = new PartitionWorld();
      world.nowMs = Date.UTC(2026, 11, 1);
      const written = world.nowMs - 55_000;
      const rows = [row(0, 100, world.nowMs)];
      world.cycle(rows, [log(0, 150)]);
      world.findHead(0, 100, timeOf(written));
      world.cycle(rows, [log(0, 150)]);
      const [evaluation] = world.cycle(rows, [log(0, 150)]);
      assert.deepEqual([evaluation?.timeLagMs, evaluation?.timeLagIsFloor], expected);
    });

  it("is not stopped by a transaction, nor by the rolled back events that it leaves", () => {
    const world = new PartitionWorld();
    const rows = [row(0, 100, 0)];
    const verdicts = (count: number, stable: number) =>
      Array.from({ length: count }, () => world.cycle(rows, [log(0, 150, { stable })])[0]?.verdict);
    assert.deepEqual(new Set(verdicts(30, 100)), new Set(["ok"]));
    assert.deepEqual(new Set(verdicts(5, 150)), new Set(["ok"]), "until it is known whether anything waits");
    assert.equal(verdicts(5, 150).at(-1), "stopped");
  });

  it("reports what retention deleted, and what waits of the rest", () => {
    const world = new PartitionWorld();
    const [evaluation] = world.cycle([row(0, 40, 0)], [log(0, 100, { start: 60 })]);
    assert.deepEqual([evaluation?.lostMessages, evaluation?.lagMessages, evaluation?.flag], [20n, 40n, "lost"]);
  });

  it("flags a committed offset beyond the end of the log", () => {
    const [evaluation] = new PartitionWorld().cycle([row(0, 140, 0)], [log(0, 100)]);
    assert.deepEqual(
      [evaluation?.lagMessages, evaluation?.timeLagMs, evaluation?.flag, evaluation?.verdict],
      [0n, 0, "beyond_end", "ok"],
    );
  });

  it("counts for a partition without a commit what was written since it was assigned, without an evaluation", () => {
    const world = new PartitionWorld();
    const rows = [row(2, null, 0)];
    world.cycle(rows, [log(2, 1000)]);
    assert.deepEqual(world.cycle(rows, [log(2, 1030)]), []);
    const [evaluated] = world.evaluate();
    assert.deepEqual([evaluated?.lag.lagMessages, evaluated?.row.committedOffset], [30n, null]);
  });

  it("leaves out a partition whose log end is not known, and keeps what it knew of one that lost its leader", () => {
    const world = new PartitionWorld();
    assert.deepEqual(world.cycle([row(0, 100, 0)], []), []);
    world.cycle([row(0, 100, 0)], [log(0, 150)]);
    world.poll([], topics(4, 0), world.nowMs + 5000);
    const [evaluated] = world.evaluate();
    assert.deepEqual([evaluated?.situation().hasLeader, evaluated?.evaluation?.lagMessages], [false, 50n]);
  });
});
