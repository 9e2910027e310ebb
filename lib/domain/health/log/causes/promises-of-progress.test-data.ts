import type { Cause } from "../../cause.ts";
import type { GroupSituation } from "../situation.ts";
import {
  all,
  alone,
  behind,
  empty,
  group,
  heldByTransaction,
  mine,
  NOW,
  pace,
  partition,
  rewind,
  skip,
  spoiled,
  still,
  waitsForTransaction,
} from "./a-situation.test-data.ts";

/** Each row is a promise to an operator: which cause is named, or that none is. Change one only with a reason. */
export const PROMISES_OF_PROGRESS: readonly [name: string, situation: GroupSituation, cause: Cause | null][] = [
  ["an open transaction", spoiled([partition(0, { ...waitsForTransaction, heldByTransaction })]), "open_transaction"],
  [
    "an open transaction, not for long",
    spoiled([
      partition(0, { ...waitsForTransaction, heldByTransaction: { ...heldByTransaction, sinceMs: NOW - 20_000 } }),
    ]),
    null,
  ],
  [
    "an open transaction far behind where the group stands still",
    spoiled([still(0, 60_000, { heldByTransaction, lastStableOffset: 1400n })]),
    "poison_event",
  ],

  ["one partition stands still, its reader gets on with others", spoiled([still(0, 30_000)]), "poison_event"],
  [
    "one partition stands still, its reader has nothing else to do",
    group({ partitions: [still(0, 30_000, mine), partition(1, { ...mine, movedAtMs: NOW - 300_000 })], ...alone }),
    "poison_event",
  ],
  ["the only partition with lag", group({ partitions: [still(0, 30_000, mine)], ...alone }), "poison_event"],
  [
    "the same offset is committed again and again",
    group({ partitions: [still(0, 60_000, { ...mine, committedAtMs: NOW - 3000 })], ...alone }),
    "poison_event",
  ],
  [
    "it goes back to the same offset again and again",
    spoiled([
      partition(0, {
        lagMessages: 40n,
        rewind: { from: 1005n, to: 1000n, atMs: NOW - 2000, times: 4, afterMs: 1000, isReturn: true },
      }),
    ]),
    "poison_event",
  ],
  [
    "it went back a little, once",
    spoiled([
      partition(0, {
        committedOffset: 1002n,
        lagMessages: 40n,
        rewind: { from: 1005n, to: 1000n, atMs: NOW - 2000, times: 1, afterMs: null, isReturn: false },
      }),
    ]),
    null,
  ],
  [
    "it went back to where it had stood before, and stands there",
    spoiled([
      partition(0, {
        committedOffset: 1000n,
        lagMessages: 400n,
        rewind: { from: 1400n, to: 1000n, atMs: NOW - 2000, times: 1, afterMs: null, isReturn: true },
      }),
    ]),
    "poison_event",
  ],
  [
    "it went back to where it had stood before, and got past it",
    spoiled([
      partition(0, {
        committedOffset: 1001n,
        lagMessages: 400n,
        rewind: { from: 1400n, to: 1000n, atMs: NOW - 2000, times: 1, afterMs: null, isReturn: true },
      }),
    ]),
    null,
  ],
  [
    "stands still, but its reader is busy with the backlog of another",
    group({ partitions: [still(0, 60_000, mine), behind(1, 60_000, mine)], ...alone }),
    "too_slow",
  ],
  ["stands still for a moment", spoiled([still(0, 15_000)]), null],
  ["stands still for as long as it usually takes", spoiled([still(0, 50_000, { commitEveryMs: 60_000 })]), null],
  [
    "its reader went away for a moment, as one does that fails",
    spoiled(
      [
        still(0, 60_000, { memberId: null }),
        ...[1, 2, 3, 4, 5].map((at) =>
          partition(at, {
            memberId: null,
            lagMessages: 3n,
            timeLagMs: 12_000,
            movedAtMs: NOW - 12_000,
            caughtUpAtMs: NOW - 12_000,
          }),
        ),
      ],
      { ...empty, emptySinceMs: NOW - 10_000 },
    ),
    "poison_event",
  ],

  ["one of three members hangs", spoiled([still(0, 40_000), still(3, 38_000)]), "hung_member"],
  ["the only member hangs", group({ ...all((at) => still(at, 40_000 + at * 1000, mine)), ...alone }), "hung_member"],
  ["all members hang", group(all((at) => still(at, 40_000))), "hung_member"],
  ["a member that hangs only since a moment", spoiled([still(0, 20_000), still(3, 20_000)]), null],
  [
    "two partitions of a member stand still, and a third of it moves",
    group({ partitions: [still(0, 60_000, mine), still(1, 60_000, mine), partition(2, mine)], ...alone }),
    "poison_event",
  ],
  [
    "its partitions stand still while the group is being divided",
    spoiled([still(0, 40_000), still(3, 38_000)], { state: "rebalancing" }),
    null,
  ],
  [
    "they stood still before anybody knew: the cluster has just come back",
    spoiled([still(0, 400_000), still(3, 400_000)], { knownSinceMs: NOW - 10_000 }),
    null,
  ],

  ["set back by thousands", group(all((at) => behind(at, 600_000, { rewind, pace: pace(100, 400) }))), "rewound"],
  ["set back, and caught up", spoiled([partition(0, { committedOffset: 5000n, rewind })]), null],
  ["set forward over thousands", spoiled([partition(0, { committedOffset: 6000n, skip })]), "skipped_ahead"],
  [
    "set forward long ago",
    spoiled([partition(0, { committedOffset: 6000n, skip: { ...skip, atMs: NOW - 700_000 } })]),
    null,
  ],

  ["one partition gets nearly everything", spoiled([behind(1, 60_000, { pace: pace(900, 300) })]), "hot_partition"],
  [
    "one partition gets nearly everything, and its reader is held up on others by it",
    spoiled([behind(1, 60_000, { pace: pace(900, 300) }), behind(2, 12_000, { lagMessages: 60n, pace: pace(50, 40) })]),
    "hot_partition",
  ],
  [
    "one partition has the lag, but gets no more than others",
    spoiled([behind(1, 60_000, { pace: pace(150, 100) })]),
    "too_slow",
  ],
  ["more comes than is consumed, everywhere", group(all((at) => behind(at, 30_000))), "too_slow"],
  [
    "more comes than is consumed, for a moment",
    group(
      all((at) =>
        behind(at, 30_000, {
          pace: [
            ...pace(600, 600, 4),
            ...pace(1800, 600, 1)
              .map((step) => ({ ...step, written: step.written + 2400, consumed: step.consumed + 2400 }))
              .slice(1),
          ],
        }),
      ),
    ),
    null,
  ],
  [
    "more comes than is consumed, but nothing waits for long",
    group(all((at) => partition(at, { lagMessages: 20n, timeLagMs: 3000 }))),
    null,
  ],
  [
    "Burrow warns, and the minute's sums agree",
    group(
      all((at) =>
        behind(at, 30_000, {
          verdict: "warning",
          commitEveryMs: 30_000,
          pace: [
            { atMs: NOW - 60_000, written: 0, consumed: 0 },
            { atMs: NOW - 30_000, written: 900, consumed: 0 },
            { atMs: NOW, written: 1800, consumed: 900 },
          ],
        }),
      ),
    ),
    "too_slow",
  ],
];
