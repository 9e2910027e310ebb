import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { addCommit, judgeGroup, judgePartition, RING_SIZE, type CommitRing, type RingCommit } from "./judge.ts";

/** [offset, second, lag] */
type Row = readonly [offset: number, second: number, lag: number | null];
const ringOf = (rows: readonly Row[]): CommitRing =>
  rows.map(([offset, second, lag]) => ({
    offset: BigInt(offset),
    atMs: second * 1000,
    lagMessages: lag === null ? null : BigInt(lag),
  }));
const seconds = (from: number, step = 10) => Array.from({ length: 10 }, (_, i) => from + i * step);

const cases: readonly {
  name: string;
  ring: readonly Row[];
  ends: readonly number[];
  now: number;
  allowed?: number;
  minimumComplete?: number;
  stoppedAfter?: number;
  verdict: string;
  evidence: number;
}[] = [
  { name: "nothing committed yet", ring: [], ends: [100], now: 1000, verdict: "ok", evidence: 0 },
  {
    name: "too little seen",
    ring: [
      [1, 0, 50],
      [1, 10, 60],
    ],
    ends: [100],
    now: 500,
    minimumComplete: 0.5,
    verdict: "ok",
    evidence: 0.2,
  },
  {
    name: "no lag now, whatever was before",
    ring: seconds(0).map((s) => [100, s, 50] as const),
    ends: [90, 100],
    now: 100,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "committed past the end as we know it",
    ring: seconds(0).map((s) => [120, s, 0] as const),
    ends: [100],
    now: 100,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "moving with the end",
    ring: seconds(0).map((s, i) => [i * 10, s, i % 2] as const),
    ends: [80, 95],
    now: 95,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "lag grows but was zero once",
    ring: seconds(0).map((s, i) => [i * 10, s, i * 5] as const),
    ends: [200, 300],
    now: 95,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "falls behind: lag never shrinks",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i * 5] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
    evidence: 1,
  },
  {
    name: "lag stays the same while it moves",
    ring: seconds(0).map((s, i) => [i * 10, s, 10] as const),
    ends: [95, 100],
    now: 95,
    verdict: "warning",
    evidence: 1,
  },
  {
    name: "one step of lag shrinking clears the warning",
    ring: seconds(0).map((s, i) => [i * 10, s, i === 6 ? 1 : 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "unknown lags are passed over",
    ring: seconds(0).map((s, i) => [i * 10, s, i % 3 === 0 ? null : 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
    evidence: 1,
  },
  {
    name: "commits the same offset again and again",
    ring: seconds(0).map((s, i) => [10, s, 50 + i] as const),
    ends: [150, 160],
    now: 95,
    verdict: "stalled",
    evidence: 1,
  },
  {
    name: "the same offset again and again, but once at the end",
    ring: seconds(0).map((s, i) => [10, s, i] as const),
    ends: [150, 160],
    now: 95,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "no commit for longer than the ring spans",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 181,
    verdict: "stopped",
    evidence: 1,
  },
  {
    name: "no commit for just as long as the ring spans",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 180,
    verdict: "warning",
    evidence: 1,
  },
  {
    name: "no commit for long, but it was at the end a moment ago",
    ring: seconds(0).map((s, i) => [i * 10, s, 0] as const),
    ends: [90, 300],
    now: 1000,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "stopped stands before stalled",
    ring: seconds(0).map((s) => [10, s, 50] as const),
    ends: [150, 160],
    now: 500,
    verdict: "stopped",
    evidence: 1,
  },
  {
    name: "went back and stayed back",
    ring: seconds(0).map((s, i) => [i < 5 ? 100 + i * 10 : i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "rewound",
    evidence: 1,
  },
  {
    name: "went back and caught up again",
    ring: seconds(0).map((s, i) => [i === 5 ? 5 : i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
    evidence: 1,
  },
  { name: "one commit only", ring: [[10, 0, 90]], ends: [100, 110], now: 1, verdict: "stopped", evidence: 0.1 },
  {
    name: "silent for longer than a short ring spans, but for no longer than is allowed",
    ring: [
      [10, 0, 90],
      [12, 5, 95],
    ],
    ends: [100, 110],
    now: 20,
    stoppedAfter: 30,
    verdict: "warning",
    evidence: 0.2,
  },
  {
    name: "the same offset again and again, but the lags are not known",
    ring: seconds(0).map((s) => [10, s, null] as const),
    ends: [150, 160],
    now: 95,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "lag within what is allowed",
    ring: seconds(0).map((s, i) => [i, s, 150] as const),
    ends: [150, 160],
    now: 500,
    allowed: 151,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "lag above what is allowed",
    ring: seconds(0).map((s, i) => [i, s, 155] as const),
    ends: [150, 170],
    now: 95,
    allowed: 151,
    verdict: "warning",
    evidence: 1,
  },
  {
    name: "just as much seen as is wanted",
    ring: seconds(0)
      .slice(0, 5)
      .map((s, i) => [i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 45,
    minimumComplete: 0.5,
    verdict: "warning",
    evidence: 0.5,
  },
  {
    name: "as much lag as is allowed",
    ring: seconds(0).map((s, i) => [i, s, 155] as const),
    ends: [150, 160],
    now: 95,
    allowed: 151,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "one more than is allowed",
    ring: seconds(0).map((s, i) => [i, s, 155] as const),
    ends: [150, 160],
    now: 95,
    allowed: 150,
    verdict: "warning",
    evidence: 1,
  },
  {
    name: "one lag of the window was just what is allowed",
    ring: seconds(0).map((s, i) => [i, s, i === 4 ? 100 : 155] as const),
    ends: [150, 300],
    now: 95,
    allowed: 100,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "no commit for long, and the end was passed once, exactly",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i] as const),
    ends: [90, 300],
    now: 1000,
    verdict: "warning",
    evidence: 1,
  },
  {
    name: "no commit for long, and the end was one further",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i] as const),
    ends: [91, 300],
    now: 1000,
    verdict: "stopped",
    evidence: 1,
  },
  {
    name: "stopped stands before rewound",
    ring: seconds(0).map((s, i) => [i < 5 ? 100 + i * 10 : i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 500,
    verdict: "stopped",
    evidence: 1,
  },
  {
    name: "rewound stands before what its lags say",
    ring: seconds(0).map((s, i) => [i < 5 ? 100 + i * 10 : i * 10, s, i === 2 ? 0 : 10] as const),
    ends: [200, 300],
    now: 95,
    verdict: "rewound",
    evidence: 1,
  },
  {
    name: "went back and came to the very offset it fell from",
    ring: seconds(0).map((s, i) => [i === 5 ? 5 : i < 5 ? i * 10 : 40, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
    evidence: 1,
  },
  {
    name: "fell twice, and recovered from the first fall",
    ring: seconds(0).map((s, i) => [[10, 20, 5, 25, 30, 40, 12, 13, 14, 15][i] ?? 0, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
    evidence: 1,
  },
  {
    name: "went back with the very last commit",
    ring: seconds(0).map((s, i) => [i === 9 ? 50 : i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "rewound",
    evidence: 1,
  },
  {
    name: "two lags that fall, at the window's end only",
    ring: seconds(0).map((s, i) => [i * 10, s, i === 9 ? 17 : 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "ok",
    evidence: 1,
  },
  {
    name: "the end is not known",
    ring: seconds(0).map((s, i) => [i, s, null] as const),
    ends: [],
    now: 500,
    verdict: "ok",
    evidence: 1,
  },
];

describe("judgePartition", () => {
  for (const { name, ring, ends, now, allowed = 0, minimumComplete, stoppedAfter, verdict, evidence } of cases) {
    it(`${name}: ${verdict}`, () => {
      assert.deepEqual(
        judgePartition({
          ring: ringOf(ring),
          endOffsets: ends.map(BigInt),
          nowMs: now * 1000,
          allowedLagMessages: BigInt(allowed),
          ...(minimumComplete !== undefined && { minimumComplete }),
          ...(stoppedAfter !== undefined && { stoppedAfterMs: stoppedAfter * 1000 }),
        }),
        { verdict, evidence },
      );
    });
  }
});

describe("judgeGroup", () => {
  it("is as bad as the worst partition, sure as the share of full rings", () => {
    assert.deepEqual(
      judgeGroup([
        { verdict: "ok", evidence: 1 },
        { verdict: "stalled", evidence: 0.3 },
        { verdict: "warning", evidence: 1 },
        { verdict: "ok", evidence: 1 },
      ]),
      { verdict: "stalled", evidence: 0.75 },
    );
    assert.deepEqual(judgeGroup([]), { verdict: "unknown", evidence: 0 });
  });
});

describe("addCommit", () => {
  const commit = (offset: number, atMs: number): RingCommit => ({ offset: BigInt(offset), atMs, lagMessages: 0n });
  it("lets a hasty commit take the place of the last and keeps its time", () => {
    const ring = [commit(1, 0), commit(5, 1200), commit(9, 1900), commit(12, 2300)].reduce<CommitRing>(
      (all, next) => addCommit(all, next, 1000),
      [],
    );
    assert.deepEqual(
      ring.map((at) => [at.offset, at.atMs]),
      [
        [1n, 0],
        [9n, 1200],
        [12n, 2300],
      ],
    );
  });

  it("never holds more than its size, always ends with the newest offset, stays in the order of time", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 100 }), (steps) => {
        let atMs = 0;
        let ring: CommitRing = [];
        steps.forEach((step, i) => {
          ring = addCommit(ring, commit(i, (atMs += step)), 1000);
          assert.ok(ring.length <= RING_SIZE);
          assert.equal(ring.at(-1)?.offset, BigInt(i));
          for (let j = 1; j < ring.length; j++) assert.ok((ring[j]?.atMs ?? 0) - (ring[j - 1]?.atMs ?? 0) >= 1000);
        });
      }),
    );
  });
});
