import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CAUSES, type Cause } from "../../cause.ts";
import type { GroupSituation, PartitionSituation } from "../situation.ts";
import {
  alone,
  behind,
  event,
  group,
  loop,
  mine,
  NOW,
  pace,
  partition,
  spoiled,
  still,
} from "./a-situation.test-data.ts";
import { withHotKeys } from "./hot-partition.ts";
import { CAUSE_RULES, findCause } from "./table.ts";

const all = (make: (at: number) => PartitionSituation): Partial<GroupSituation> => ({
  partitions: [0, 1, 2, 3, 4, 5].map(make),
});
const deserted = all((at) =>
  at === 0
    ? still(0, 60_000, { memberId: null })
    : partition(at, { memberId: null, movedAtMs: NOW - 65_000, committedAtMs: NOW - 65_000 }),
);
const empty = { members: [], state: "empty" } as const;
const pinned = { sinceMs: NOW - 40_000, producerId: "4001", transactionalId: "billing-7", startedAtMs: NOW - 45_000 };
const waitsForTransaction = {
  waitsForTransaction: true,
  lastStableOffset: 1000n,
  endOffset: 1500n,
  lagMessages: 500n,
  timeLagMs: 40_000,
  movedAtMs: NOW - 40_000,
};
const rewind = { from: 5000n, to: 1000n, atMs: NOW - 20_000, times: 1, afterMs: null, isReturn: false };
const skip = { from: 1000n, to: 6000n, atMs: NOW - 20_000 };
const unread = { topic: "orders", partition: 6, sinceMs: NOW - 30_000, waitingMessages: 40n, isWholeTopic: false };

// Each row is a promise to an operator: what is named, and what is not. Change one only with a reason.
const cases: readonly [name: string, situation: GroupSituation, cause: Cause | null][] = [
  ["healthy and busy", group(), null],
  [
    "idle",
    group(all((at) => partition(at, { movedAtMs: NOW - 3_600_000, committedAtMs: NOW - 3_600_000, pace: pace(0, 0) }))),
    null,
  ],
  [
    "a burst, a moment ago",
    group(all((at) => partition(at, { lagMessages: 9000n, timeLagMs: 8000, pace: pace(1000, 50) }))),
    null,
  ],
  ["a burst that is being worked off", group(all((at) => behind(at, 30_000, { pace: pace(0, 500) }))), null],
  [
    "idle for long, then an event that is not consumed yet",
    spoiled([
      partition(0, { lagMessages: 1n, timeLagMs: 4000, movedAtMs: NOW - 3_600_000, committedAtMs: NOW - 3_600_000 }),
    ]),
    null,
  ],

  ["a partition without a leader", spoiled([partition(2, { hasLeader: false })]), "broker_trouble"],
  [
    "without a leader, and its consumer has crashed over it",
    spoiled([still(2, 60_000, { hasLeader: false, memberId: null })], { ...empty, emptySinceMs: NOW - 60_000 }),
    "broker_trouble",
  ],
  [
    "a coordinator that does not tell",
    group({ brokerFault: { reason: "the coordinator is loading", sinceMs: NOW - 15_000 } }),
    "broker_trouble",
  ],
  [
    "a coordinator that did not tell a moment ago: not even its lag is held against the group",
    spoiled([still(0, 60_000)], {
      ...empty,
      brokerFault: { reason: "the coordinator is loading", sinceMs: NOW - 2000 },
    }),
    null,
  ],

  [
    "retention was faster",
    spoiled([partition(1, { committedOffset: 400n, logStartOffset: 600n, lostMessages: 200n, lagMessages: 400n })]),
    "data_lost",
  ],

  [
    "rebalances all the time, and nothing is consumed",
    group({ ...all((at) => still(at, 40_000)), events: loop(8, 5), state: "rebalancing" }),
    "rebalance_loop",
  ],
  ["members that come and go every few seconds, with hardly any lag", group({ events: loop(7, 6) }), "rebalance_loop"],
  ["rebalances without anybody coming or going", group({ events: loop(6, 10, false) }), "rebalance_loop"],
  [
    "a rolling deployment: each member leaves and comes once",
    group({
      events: [0, 1, 2].flatMap((i) => [
        event("left", 40 - i * 12, `payments-${i}`),
        event("rebalance", 40 - i * 12),
        event("joined", 36 - i * 12, `payments-${i}`),
        event("rebalance", 36 - i * 12),
      ]),
    }),
    null,
  ],
  [
    "a deployment that starved the group for half a minute",
    group({
      ...all((at) => still(at, 26_000, { memberId: null })),
      state: "rebalancing",
      events: [event("deploy", 5), ...[30, 25, 20, 15, 10, 5].map((ago) => event("rebalance", ago))],
    }),
    null,
  ],
  [
    "a loop that ended a minute ago",
    group({ events: loop(8, 5).map((one) => ({ ...one, atMs: one.atMs - 60_000 })) }),
    null,
  ],
  ["three rebalances", group({ events: loop(3, 10) }), null],
  [
    "a reader that begins anew because of one event, and gets on elsewhere meanwhile",
    group({
      partitions: [still(0, 70_000, mine), partition(1, mine), partition(2, mine)],
      ...alone,
      events: loop(5, 18),
    }),
    "poison_event",
  ],

  ["nobody is there", group({ ...deserted, ...empty, emptySinceMs: NOW - 60_000 }), "no_members"],
  [
    "nobody has been there for some seconds: a restart",
    group({ ...deserted, ...empty, emptySinceMs: NOW - 10_000 }),
    null,
  ],
  ["nobody is there, and nothing waits", group({ ...empty, emptySinceMs: NOW - 3_600_000 }), null],
  [
    "without members, but it commits: it assigns itself its partitions",
    group({
      ...all((at) => partition(at, { lagMessages: 5n, timeLagMs: 1000, memberId: null })),
      ...empty,
      emptySinceMs: NOW - 3_600_000,
    }),
    null,
  ],
  [
    "it assigns itself its partitions, and has been silent for long",
    group({ ...all((at) => still(at, 120_000, { memberId: null })), ...empty, protocol: "simple" }),
    "no_members",
  ],
  [
    "it assigns itself its partitions, and has been silent for a moment",
    group({ ...all((at) => still(at, 20_000, { memberId: null })), ...empty, protocol: "simple" }),
    null,
  ],

  ["new partitions that nobody has", group({ unread: [unread] }), "not_consuming"],
  ["new partitions since a moment ago", group({ unread: [{ ...unread, sinceMs: NOW - 10_000 }] }), null],
  ["new partitions with nothing in them", group({ unread: [{ ...unread, waitingMessages: 0n }] }), null],
  [
    "a topic that it subscribes to and nobody has",
    group({ unread: [{ ...unread, topic: "refunds", isWholeTopic: true }] }),
    "not_consuming",
  ],
  [
    "assigned, and never committed while events came",
    spoiled([
      partition(0, {
        committedOffset: null,
        movedAtMs: null,
        committedAtMs: null,
        lagMessages: 50n,
        timeLagMs: 40_000,
      }),
    ]),
    "not_consuming",
  ],
  [
    "assigned and never committed, but its reader works off the backlog of another",
    group({
      partitions: [
        partition(0, {
          ...mine,
          committedOffset: null,
          movedAtMs: null,
          committedAtMs: null,
          lagMessages: 50n,
          timeLagMs: 40_000,
        }),
        behind(1, 60_000, { ...mine, pace: pace(10, 100) }),
      ],
      ...alone,
    }),
    null,
  ],
  [
    "assigned, never committed, and nothing came",
    spoiled([partition(0, { committedOffset: null, movedAtMs: null, committedAtMs: null })]),
    null,
  ],
  [
    "assigned, and the first events came a moment ago",
    spoiled([
      partition(0, { committedOffset: null, movedAtMs: null, committedAtMs: null, lagMessages: 50n, timeLagMs: 8000 }),
    ]),
    null,
  ],

  ["an open transaction", spoiled([partition(0, { ...waitsForTransaction, pinned })]), "open_transaction"],
  [
    "an open transaction, not for long",
    spoiled([partition(0, { ...waitsForTransaction, pinned: { ...pinned, sinceMs: NOW - 20_000 } })]),
    null,
  ],
  [
    "an open transaction far behind where the group stands still",
    spoiled([still(0, 60_000, { pinned, lastStableOffset: 1400n })]),
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

describe("findCause", () => {
  for (const [name, situation, cause] of cases)
    it(`${name}: ${cause ?? "nothing"}`, () => {
      assert.equal(findCause(situation)?.cause ?? null, cause);
    });

  it("has a rule for each cause, and each has a case above", () => {
    assert.deepEqual(Object.keys(CAUSE_RULES).sort(), [...CAUSES].sort());
    assert.deepEqual(
      CAUSES.filter((cause) => !cases.some(([, , named]) => named === cause)),
      [],
    );
  });

  it("says all of it in a sentence and facts that can be stored", () => {
    for (const [name, situation] of cases) {
      const finding = findCause(situation);
      if (finding === null) continue;
      assert.deepEqual(JSON.parse(JSON.stringify(finding)), finding, name);
      assert.match(finding.sentence, /^\S.*[^.]$/, name);
      assert.doesNotMatch(finding.sentence, /undefined|NaN|null|Infinity/, name);
      for (const { label, value } of finding.facts)
        assert.doesNotMatch(`${label}: ${value}`, /undefined|NaN|null|Infinity/, name);
      assert.ok(finding.sinceMs === null || finding.sinceMs <= NOW, name);
    }
  });
});

describe("the sentences", () => {
  const said = (situation: GroupSituation) => findCause(situation)?.sentence;
  const sentences: readonly [situation: GroupSituation, sentence: string][] = [
    [spoiled([partition(2, { hasLeader: false })]), "orders[2] has no leader: nobody can read it"],
    [
      spoiled([partition(1, { committedOffset: 400n, logStartOffset: 600n, lostMessages: 200n, lagMessages: 400n })]),
      "200 events of orders[1] were deleted before payments consumed them",
    ],
    [
      group({ events: loop(7, 6) }),
      "payments divides its partitions again and again: 7 times in 38 s; payments-9 came 7 times",
    ],
    [
      group({ ...deserted, ...empty, emptySinceMs: NOW - 70_000 }),
      "payments has had no members for 1 min; 500 events wait, the oldest for 1 min",
    ],
    [group({ unread: [unread] }), "Nobody of payments reads orders[6]; 40 events wait"],
    [
      spoiled([partition(0, { ...waitsForTransaction, pinned })]),
      "payments cannot pass offset 1,000 of orders[0]: transaction billing-7 has been open for 45 s; 500 offsets lie behind it",
    ],
    [spoiled([still(0, 30_000)]), "orders[0] does not get past offset 1,000; payments-0 lives and gets on elsewhere"],
    [
      spoiled([still(0, 40_000), still(3, 38_000)]),
      "payments-0 is in the group, but has committed nothing for 40 s on 2 partitions; 1,000 events wait",
    ],
    [
      group(all((at) => behind(at, 600_000, { rewind, pace: pace(100, 400) }))),
      "payments was set back by 24,000 events on 6 partitions; 24,000 of them are still to be consumed again",
    ],
    [
      spoiled([partition(0, { committedOffset: 6000n, skip })]),
      "payments was set forward over 5,000 events on orders[0] that it has not consumed",
    ],
    [
      spoiled([behind(1, 60_000, { pace: pace(900, 300) })]),
      "100 % of the lag of payments on orders sits in orders[1] of 6: 60/s in, 20/s out, while the others keep up",
    ],
    [
      group(all((at) => behind(at, 30_000))),
      "payments is too slow for orders: 120/s come, 40/s are consumed; 30,000 events wait",
    ],
  ];
  for (const [situation, sentence] of sentences)
    it(sentence, () => {
      assert.equal(said(situation), sentence);
    });
});

describe("withHotKeys", () => {
  it("names the keys that make a partition hot", () => {
    const finding = findCause(spoiled([behind(1, 60_000, { pace: pace(900, 300) })]));
    assert.ok(finding);
    assert.equal(
      withHotKeys(
        finding,
        [
          { key: "cust-77", share: 0.914 },
          { key: "cust-3", share: 0.02 },
        ],
        2000,
      ).facts[0]?.value,
      "cust-77 91 %, cust-3 2 % (of 2,000 events)",
    );
    assert.equal(withHotKeys(finding, [], 0), finding);
  });
});
