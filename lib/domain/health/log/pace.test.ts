import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { addDone, doneSince, growingMs, ratesOf, sumOf, type Pace } from "./pace.ts";

/** Looks five seconds apart: what was written and consumed between them. */
const paceOf = (polls: readonly (readonly [written: number, consumed: number])[], start = 0): Pace =>
  polls.reduce<Pace>(
    (pace, [written, consumed], i) => addDone(pace, written, consumed, start + (i + 1) * 5000),
    addDone([], 0, 0, start),
  );
const times = (count: number, poll: readonly [number, number]) => Array.from({ length: count }, () => poll);

describe("pace", () => {
  it("is not known after one look", () => {
    assert.deepEqual(ratesOf(addDone([], 5, 5, 0)), { inRate: 0, outRate: 0 });
  });
  it("is what came and went, per second", () => {
    assert.deepEqual(ratesOf(paceOf(times(6, [100, 50]))), { inRate: 20, outRate: 10 });
  });
  it("forgets what is more than a good minute ago", () => {
    assert.deepEqual(ratesOf(paceOf([...times(12, [1000, 0] as const), ...times(16, [0, 10] as const)])), {
      inRate: 0,
      outRate: 2,
    });
  });
  it("sums up since the end of the last step before a moment", () => {
    assert.deepEqual(doneSince(paceOf([...times(6, [10, 0] as const), ...times(3, [1, 2] as const)]), 30_000), {
      written: 13,
      consumed: 6,
    });
  });

  it("never keeps more than a few steps, nor looks back longer than 75 s", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 100 }), (gaps) => {
        let atMs = 0;
        let pace: Pace = [];
        for (const gap of gaps) pace = addDone(pace, 1, 1, (atMs += gap + 1));
        assert.ok(pace.length <= 6);
        for (let i = 1; i < pace.length; i++) assert.ok((pace[i]?.atMs ?? 0) > (pace[i - 1]?.atMs ?? 0));
      }),
    );
  });
});

describe("sumOf", () => {
  it("adds up what was looked at together, also what began later", () => {
    const long = paceOf(times(6, [10, 5]));
    const short = paceOf(times(2, [100, 50]), 20_000);
    assert.deepEqual(
      sumOf([long, short]).map(({ atMs, written, consumed }) => [atMs, written, consumed]),
      [
        [0, 0, 0],
        [10_000, 20, 10],
        [25_000, 150, 75],
        [30_000, 260, 130],
      ],
    );
    assert.deepEqual(sumOf([]), []);
  });
});

describe("growingMs", () => {
  const cases: readonly [name: string, polls: readonly (readonly [number, number])[], expected: number][] = [
    ["more comes than goes, all the time", times(12, [10, 5]), 60_000],
    ["as much goes as comes", times(12, [10, 10]), 0],
    [
      "a burst that is over",
      [...times(6, [0, 0] as const), ...times(2, [1000, 50] as const), ...times(4, [0, 50] as const)],
      0,
    ],
    ["nothing is consumed at all", times(12, [10, 0]), 0],
    ["since half a minute", [...times(5, [10, 10] as const), ...times(6, [10, 5] as const)], 30_000],
    ["a little more comes than goes", times(12, [21, 20]), 0],
    [
      "a commit every half minute says nothing",
      times(12, [10, 0]).map((poll, i) => (i % 6 === 5 ? ([10, 55] as const) : poll)),
      0,
    ],
  ];
  for (const [name, polls, expected] of cases)
    it(name, () => {
      assert.equal(growingMs(paceOf(polls)), expected);
    });
});
