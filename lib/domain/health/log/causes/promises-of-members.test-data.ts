import type { Cause } from "../../cause.ts";
import type { GroupSituation } from "../situation.ts";
import {
  all,
  alone,
  behind,
  deserted,
  empty,
  event,
  group,
  loop,
  mine,
  NOW,
  pace,
  partition,
  spoiled,
  still,
  unassigned,
} from "./a-situation.test-data.ts";

const silent = { movedAtMs: NOW - 35_000, committedAtMs: NOW - 35_000 };

/** Each row is a promise to an operator: which cause is named, or that none is. Change one only with a reason. */
export const PROMISES_OF_MEMBERS: readonly [name: string, situation: GroupSituation, cause: Cause | null][] = [
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

  [
    "it assigns itself its partitions, and nobody has committed since a transaction was aborted: no reader, no poison",
    group({
      ...all((at) => (at === 0 ? still(0, 35_000, { memberId: null }) : partition(at, { memberId: null, ...silent }))),
      ...empty,
      protocol: "simple",
    }),
    null,
  ],
  [
    "it assigns itself its partitions, and commits on all but one",
    group({
      ...all((at) => (at === 0 ? still(0, 60_000, { memberId: null }) : partition(at, { memberId: null }))),
      ...empty,
      protocol: "simple",
    }),
    "poison_event",
  ],
  [
    "a transaction that held everything back was rolled back a moment ago: nothing is known to wait",
    spoiled([still(0, 90_000, { ...mine, heldAtMs: NOW - 5000 })], alone),
    null,
  ],
  [
    "a transaction that held everything back has ended long ago",
    group({
      partitions: [still(0, 90_000, { ...mine, heldAtMs: NOW - 60_000 }), partition(1, mine)],
      ...alone,
    }),
    "poison_event",
  ],
  [
    "a slow consumer: a batch has taken 90 s before",
    spoiled([still(0, 100_000, { ...mine, slowestCommitMs: 135_000 })], alone),
    null,
  ],

  ["new partitions that nobody has", group({ unassigned: [unassigned] }), "not_consuming"],
  ["new partitions since a moment ago", group({ unassigned: [{ ...unassigned, sinceMs: NOW - 10_000 }] }), null],
  ["new partitions with nothing in them", group({ unassigned: [{ ...unassigned, waitingMessages: 0n }] }), null],
  [
    "a topic that it subscribes to and nobody has",
    group({ unassigned: [{ ...unassigned, topic: "refunds", isWholeTopic: true }] }),
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
];
