import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import type { OffsetsRow, StalledTransaction } from "#lib/store/destinations/destinations-write.ts";
import type { PartitionEvaluation } from "#lib/store/groups/evaluations-write.ts";
import type { PartitionStateRow } from "#lib/store/groups/states-read.ts";
import type { EvaluatedPartition } from "./evaluated-partition.ts";
import { PartitionEvaluator } from "./partition-evaluator.ts";

const GROUP = 7;
const ORDERS = 3;
const TOPIC_OF = new Map([[ORDERS, "orders"]]);
const DESTINATION_OF = new Map([["orders", ORDERS]]);
const topics = (count: number, leaderless = -1): DestinationInfo[] => [
  {
    name: "orders",
    replication: 1,
    partitions: Array.from({ length: count }, (_, partition) => ({
      partition,
      leader: partition === leaderless ? null : 1,
      replicas: 1,
      inSync: 1,
      offlineReplicas: 0,
    })),
  },
];
const row = (partition: number, committed: number | null, atMs: number): PartitionStateRow => ({
  groupId: GROUP,
  destinationId: ORDERS,
  partition,
  committedOffset: committed === null ? null : BigInt(committed),
  committedAtMs: committed === null ? null : atMs,
  movedAtMs: committed === null ? null : atMs,
  memberId: "m-1",
});
const log = (
  partition: number,
  end: number,
  over: { start?: number; stable?: number; pinned?: StalledTransaction } = {},
): OffsetsRow => ({
  destinationId: ORDERS,
  partition,
  logStartOffset: BigInt(over.start ?? 0),
  endOffset: BigInt(end),
  lastStableOffset: BigInt(over.stable ?? end),
  leader: 1,
  sizeBytes: 1000n,
  heldByTransaction: over.pinned ?? null,
});

class Play {
  readonly standings = new PartitionEvaluator(0n);
  nowMs = 0;

  look(rows: readonly PartitionStateRow[], logs: readonly OffsetsRow[], stepMs = 5000): PartitionEvaluation[] {
    this.nowMs += stepMs;
    this.see(rows);
    this.standings.addEnds(logs, topics(4), DESTINATION_OF, this.nowMs);
    for (const at of rows)
      if (at.committedOffset !== null && at.committedAtMs === this.nowMs)
        this.standings.addCommits([
          {
            groupId: GROUP,
            destinationId: ORDERS,
            partition: at.partition,
            offset: at.committedOffset,
            atMs: this.nowMs,
          },
        ]);
    return this.places().flatMap(({ evaluation: judgement }) => judgement ?? []);
  }

  see(rows: readonly PartitionStateRow[]): void {
    this.standings.places.beginRead();
    for (const at of rows) this.standings.places.put(at);
    this.standings.places.endRead();
  }

  places(): EvaluatedPartition[] {
    return [...this.standings.judge(TOPIC_OF, this.nowMs)].flatMap(([, own]) => own);
  }

  wanted(rows: readonly PartitionStateRow[]) {
    this.see(rows);
    return this.standings.headsWanted(TOPIC_OF, this.nowMs, 10);
  }

  /** the record at an offset was written then */
  found(
    partition: number,
    committed: number,
    atMs: number,
    over: { offset?: number; last?: readonly [offset: number, atMs: number]; readAtMs?: number } = {},
  ): void {
    const samples = [
      { offset: BigInt(over.offset ?? committed), atMs },
      ...(over.last ? [{ offset: BigInt(over.last[0]), atMs: over.last[1] }] : []),
    ];
    this.standings.addHeads({
      empty: [],
      heads: [
        {
          destinationId: ORDERS,
          partition,
          committedOffset: BigInt(committed),
          head: { committedOffset: BigInt(committed), samples, readAtMs: over.readAtMs ?? null },
        },
      ],
    });
  }
}

/** Turns of five seconds: what was committed by then, and where the log ends. */
function play(turns: readonly (readonly [committed: number | null, end: number])[]): PartitionEvaluation[] {
  const it = new Play();
  let last = row(0, 0, 0);
  let judged: PartitionEvaluation[] = [];
  for (const [committed, end] of turns) {
    if (committed !== null)
      last = {
        ...row(0, committed, it.nowMs + 5000),
        movedAtMs: last.committedOffset === BigInt(committed) ? last.movedAtMs : it.nowMs + 5000,
      };
    judged = it.look([last], [log(0, end)]);
  }
  return judged;
}
const steps = (count: number, turn: (i: number) => readonly [number | null, number]) =>
  Array.from({ length: count }, (_, i) => turn(i));

describe("Standings", () => {
  const cases: readonly [name: string, turns: readonly (readonly [number | null, number])[], verdict: string][] = [
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
  for (const [name, turns, verdict] of cases)
    it(`${name}: ${verdict}`, () => {
      assert.equal(play(turns)[0]?.verdict, verdict);
    });

  it("says at what pace and how long", () => {
    const [judged] = play(steps(13, (i) => [i * 100, 2000 + i * 50]));
    assert.deepEqual(
      [judged?.inRate, judged?.outRate, judged?.lagMessages, judged?.catchUpSeconds],
      [10, 20, 1400n, 140],
    );
  });

  it("asks for the time of the first waiting event until it is known, and again when it moves away from there", () => {
    const it = new Play();
    const rows = [row(0, 100, 0), row(1, 5, 0)];
    it.look(rows, [log(0, 500), log(1, 5)]);
    assert.deepEqual(
      it.wanted(rows).map((at) => [at.partition, at.isFresh]),
      [[0, true]],
    );
    it.found(0, 100, 400, { last: [110, 900] });
    assert.deepEqual(it.wanted(rows), []);
    assert.deepEqual(
      it.look(rows, [log(0, 500), log(1, 5)], 56_400).map((at) => [at.timeLagMs, at.timeLagIsFloor]),
      [
        [61_000, false],
        [0, false],
      ],
    );
    assert.deepEqual(it.wanted([row(0, 105, 0)]), [], "the same flush tells of it");
    assert.equal(it.wanted([row(0, 111, 0)]).length, 1);
  });

  it("says at least how long, from its own sight, while it does not know", () => {
    const it = new Play();
    it.look([row(0, 100, 0)], [log(0, 500)]);
    assert.deepEqual(
      it.look([row(0, 100, 0)], [log(0, 500)], 30_000).map((at) => [at.timeLagMs, at.timeLagIsFloor]),
      [[30_000, true]],
    );
  });

  it("is not fooled by a producer's clock that runs ahead", () => {
    const it = new Play();
    const rows = [row(0, 100, 0)];
    it.look(rows, [log(0, 500)]);
    it.found(0, 100, 3_600_000);
    assert.deepEqual(
      it.look(rows, [log(0, 500)], 20_000).map((at) => [at.timeLagMs, at.timeLagIsFloor, at.flag]),
      [[20_000, true, "clock_ahead"]],
    );
  });

  it("does not count what cannot be read at the end of a log as lag", () => {
    const it = new Play();
    const rows = [row(0, 100, 0)];
    assert.equal(it.look(rows, [log(0, 101)])[0]?.lagMessages, 1n);
    it.standings.addHeads({
      heads: [],
      empty: [{ destinationId: ORDERS, partition: 0, committedOffset: 100n, upTo: 101n }],
    });
    assert.deepEqual(
      it.look(rows, [log(0, 101)]).map((at) => [at.lagMessages, at.timeLagMs, at.verdict]),
      [[0n, 0, "ok"]],
    );
    assert.deepEqual(
      it.look(rows, [log(0, 101)], 600_000).map((at) => [at.lagMessages, at.verdict]),
      [[0n, "ok"]],
    );
    assert.equal(it.look(rows, [log(0, 103)])[0]?.lagMessages, 3n, "an event has come behind it");
  });

  it("counts what waits behind an open transaction, and says so once it has been open for long", () => {
    const it = new Play();
    const rows = [row(0, 100, 0)];
    const pinned: StalledTransaction = {
      sinceMs: 0,
      producerId: 4n,
      producerEpoch: 0,
      transactionalId: "tx",
      startedAtMs: 0,
    };
    it.look(rows, [log(0, 150, { stable: 100 })]);
    assert.deepEqual(
      it.places().map((at) => [at.evaluation?.lagMessages, at.evaluation?.flag, at.waiting.waitsForTransaction]),
      [[50n, null, true]],
    );
    assert.equal(it.look(rows, [log(0, 150, { stable: 100, pinned })])[0]?.flag, "transaction");
    assert.equal(it.look(rows, [log(0, 150, { stable: 120, pinned })])[0]?.flag, null, "events wait that may be read");
  });

  it("says what retention took, and what waits of the rest", () => {
    const it = new Play();
    const [judged] = it.look([row(0, 40, 0)], [log(0, 100, { start: 60 })]);
    assert.deepEqual([judged?.lostMessages, judged?.lagMessages, judged?.flag], [20n, 40n, "lost"]);
  });

  it("says when an offset lies behind the end", () => {
    const [judged] = new Play().look([row(0, 140, 0)], [log(0, 100)]);
    assert.deepEqual(
      [judged?.lagMessages, judged?.timeLagMs, judged?.flag, judged?.verdict],
      [0n, 0, "beyond_end", "ok"],
    );
  });

  it("knows of a compacted log only what still lies there", () => {
    const it = new Play();
    const rows = [row(0, 100, 0)];
    it.standings.settings = new Map([[ORDERS, { cleanupPolicy: "compact", retentionMs: null, retentionBytes: null }]]);
    it.look(rows, [log(0, 500)]);
    it.found(0, 100, 1000);
    it.look(rows, [log(0, 500)], 60_000);
    assert.deepEqual(
      it.wanted(rows).map((at) => at.fromLog),
      [true],
    );
    it.found(0, 100, 50_000, { offset: 140, readAtMs: it.nowMs });
    assert.deepEqual(
      it.look(rows, [log(0, 500)]).map((at) => [at.timeLagMs, at.flag]),
      [[20_000, "compacted"]],
    );
    assert.deepEqual(it.wanted(rows), []);
  });

  it("counts for a partition without a commit what has come since it was assigned, and judges nothing", () => {
    const it = new Play();
    const rows = [row(2, null, 0)];
    it.look(rows, [log(2, 1000)]);
    assert.deepEqual(it.look(rows, [log(2, 1030)]), []);
    const [place] = it.places();
    assert.deepEqual([place?.waiting.lagMessages, place?.row.committedOffset], [30n, null]);
  });

  it("judges nothing where the log's end is not known, and keeps what it knew of a partition that lost its leader", () => {
    const it = new Play();
    assert.deepEqual(it.look([row(0, 100, 0)], []), []);
    it.look([row(0, 100, 0)], [log(0, 150)]);
    it.standings.addEnds([], topics(4, 0), DESTINATION_OF, it.nowMs + 5000);
    const [place] = it.places();
    assert.deepEqual([place?.situation().hasLeader, place?.evaluation?.lagMessages], [false, 50n]);
  });

  it("writes again only what says something new", () => {
    const it = new Play();
    const look = (committed: number) =>
      it.standings
        .changed(it.look([row(0, committed, 0), row(1, 10, 0)], [log(0, 100), log(1, 10)]), it.nowMs)
        .map((at) => at.partition);
    assert.deepEqual([look(50), look(50), look(50), look(60)], [[0, 1], [0], [], [0]]);
  });

  it("takes what is set forward over events that were consumed before it was set back for no jump over them", () => {
    const jumpsOf = (...offsets: readonly number[]) => {
      const it = new Play();
      it.look([row(0, 0, -1)], [log(0, 500)]);
      return it.standings
        .addCommits(
          offsets.map((offset, i) => ({
            groupId: GROUP,
            destinationId: ORDERS,
            partition: 0,
            offset: BigInt(offset),
            atMs: 1000 * i,
          })),
        )
        .map(({ kind, from, to }) => [kind, Number(from), Number(to)]);
    };
    assert.deepEqual(jumpsOf(100, 95, 100), [["back", 100, 95]]);
    assert.deepEqual(jumpsOf(100, 95, 98, 90, 100, 101), [
      ["back", 100, 95],
      ["back", 98, 90],
      ["forward", 100, 101],
    ]);
    assert.deepEqual(
      jumpsOf(100, 95, 120),
      [
        ["back", 100, 95],
        ["forward", 100, 120],
      ],
      "what is left out begins where it was consumed up to",
    );
  });
});
