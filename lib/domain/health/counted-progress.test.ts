import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { nextProgress, startOf, type Counts } from "./counted-progress.ts";

const END = (one: { readonly consumed: number; readonly waiting: number }) => one.consumed + one.waiting;

/** each poll: seconds since the one before, then the counts */
function after(polls: readonly (readonly [seconds: number, ...counts: [waiting: number, settled: number]])[]) {
  let nowMs = 0;
  return polls.reduce((known, [seconds, waiting, settled]) => {
    nowMs += seconds * 1000;
    return nextProgress(known, { waiting, settled }, nowMs);
  }, startOf(null));
}

describe("counted progress", () => {
  for (const [what, polls, consumed, end] of [
    ["begins where it is first seen", [[0, 5, 70]], 0, 5],
    [
      "of what is published and not consumed",
      [
        [0, 0, 0],
        [1, 5, 0],
      ],
      0,
      5,
    ],
    [
      "of what comes and goes between two polls",
      [
        [0, 5, 10],
        [1, 5, 30],
        [1, 5, 30],
      ],
      20,
      25,
    ],
    [
      "of what is settled before the number in the queue is counted anew",
      [
        [0, 9, 0],
        [1, 9, 4],
        [1, 5, 4],
      ],
      4,
      9,
    ],
    [
      "of what has left before it is counted as settled",
      [
        [0, 9, 0],
        [1, 5, 0],
        [1, 5, 4],
      ],
      4,
      9,
    ],
    [
      "of what expires, and what is settled long after",
      [
        [0, 9, 0],
        [1, 0, 0],
        [60, 0, 4],
        [1, 0, 4],
      ],
      13,
      13,
    ],
    [
      "goes on when the broker starts anew",
      [
        [0, 9, 500],
        [1, 9, 0],
        [1, 7, 2],
      ],
      2,
      9,
    ],
    [
      "of a queue that was purged",
      [
        [0, 9, 0],
        [1, 0, 0],
        [1, 3, 0],
      ],
      9,
      12,
    ],
  ] as const)
    it(what, () => {
      const progress = after(polls);
      assert.deepEqual([progress.consumed, END(progress)], [consumed, end]);
    });

  it("goes on from what was known before", () => {
    const known = startOf({ consumed: 100n, end: 110n });
    assert.deepEqual(nextProgress(known, { waiting: 4, settled: 7 }, 0), {
      ...{ consumed: 106, waiting: 4, settled: 7 },
      ...{ toLeave: 0, toSettle: 6, toSettleSinceMs: 0 },
    });
  });

  it("never goes back, whatever is counted, and always shows what waits now", () => {
    const poll = fc.record({ waiting: fc.nat(1000), settled: fc.nat(10_000), seconds: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(poll), (polls: readonly (Counts & { readonly seconds: number })[]) => {
        let [known, nowMs] = [startOf(null), 0];
        for (const { seconds, ...counts } of polls) {
          nowMs += seconds * 1000;
          const next = nextProgress(known, counts, nowMs);
          assert.ok(next.consumed >= known.consumed && END(next) >= END(known));
          assert.equal(next.waiting, counts.waiting);
          known = next;
        }
      }),
    );
  });
});
