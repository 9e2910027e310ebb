/** A healthy group of three members over six partitions, for tests to damage. */
import { addDone, type Pace } from "../pace.ts";
import type { GroupEvent, GroupSituation, PartitionSituation, TopicSituation } from "../situation.ts";

export const NOW = 10_000_000;

/** Steps of a quarter of a minute, up to now. */
export const pace = (written: number, consumed: number, steps = 5): Pace =>
  Array.from({ length: steps + 1 }, (_, i) => NOW - (steps - i) * 15_000).reduce<Pace>(
    (all, atMs) => addDone(all, written, consumed, atMs),
    [],
  );

export function partition(at: number, over: Partial<PartitionSituation> = {}): PartitionSituation {
  return {
    topic: "orders",
    partition: at,
    committedOffset: 1000n,
    committedAtMs: NOW - 2000,
    movedAtMs: NOW - 2000,
    endOffset: 1000n + (over.lagMessages ?? 0n),
    lastStableOffset: 1000n + (over.lagMessages ?? 0n),
    logStartOffset: 0n,
    lagMessages: 0n,
    lostMessages: 0n,
    waitsForTransaction: false,
    heldAtMs: null,
    timeLagMs: 0,
    verdict: "ok",
    pace: pace(150, 150),
    commitEveryMs: 5000,
    slowestCommitMs: null,
    caughtUpAtMs: NOW,
    memberId: `m-${at % 3}`,
    hasLeader: true,
    heldByTransaction: null,
    rewind: null,
    skip: null,
    ...over,
  };
}

/** It has not moved for this long, and the oldest event has waited for as long. */
export const still = (at: number, sinceMs: number, over: Partial<PartitionSituation> = {}): PartitionSituation =>
  partition(at, {
    lagMessages: 500n,
    timeLagMs: sinceMs,
    movedAtMs: NOW - sinceMs,
    committedAtMs: NOW - sinceMs,
    caughtUpAtMs: NOW - sinceMs - 1000,
    verdict: "stopped",
    pace: pace(150, 0),
    ...over,
  });

/** Events wait, and it moves all the time. */
export const behind = (at: number, waitsMs: number, over: Partial<PartitionSituation> = {}): PartitionSituation =>
  partition(at, { lagMessages: 5000n, timeLagMs: waitsMs, caughtUpAtMs: NOW - 300_000, pace: pace(300, 100), ...over });

export function group(over: Partial<GroupSituation> = {}): GroupSituation {
  const members = [0, 1, 2].map((i) => ({ memberId: `m-${i}`, clientId: `payments-${i}`, host: `/10.0.0.${i}` }));
  return {
    group: "payments",
    protocol: "classic",
    state: "stable",
    brokerFault: null,
    members,
    emptySinceMs: null,
    lastLeft: null,
    events: [],
    partitions: [0, 1, 2, 3, 4, 5].map((at) => partition(at)),
    topics: [TOPIC],
    unassigned: [],
    allowedLagMessages: 0n,
    knownSinceMs: 0,
    nowMs: NOW,
    ...over,
  };
}

const TOPIC: TopicSituation = { topic: "orders", partitionCount: 6 };

/** The healthy group with some of its partitions replaced. */
export const spoiled = (
  partitions: readonly PartitionSituation[],
  over: Partial<GroupSituation> = {},
): GroupSituation =>
  group({
    partitions: group().partitions.map((at) => partitions.find((one) => one.partition === at.partition) ?? at),
    ...over,
  });

export const alone = { members: [{ memberId: "m-0", clientId: "payments-0", host: "/10.0.0.0" }] };
export const mine = { memberId: "m-0" };

/** The six partitions, each made from its number. */
export const all = (make: (at: number) => PartitionSituation): Partial<GroupSituation> => ({
  partitions: [0, 1, 2, 3, 4, 5].map(make),
});
export const empty = { members: [], state: "empty" } as const;
export const deserted = all((at) =>
  at === 0
    ? still(0, 60_000, { memberId: null })
    : partition(at, { memberId: null, movedAtMs: NOW - 65_000, committedAtMs: NOW - 65_000 }),
);
export const heldByTransaction = {
  sinceMs: NOW - 40_000,
  producerId: "4001",
  transactionalId: "billing-7",
  startedAtMs: NOW - 45_000,
};
export const waitsForTransaction = {
  waitsForTransaction: true,
  lastStableOffset: 1000n,
  endOffset: 1500n,
  lagMessages: 500n,
  timeLagMs: 40_000,
  movedAtMs: NOW - 40_000,
};
export const rewind = { from: 5000n, to: 1000n, atMs: NOW - 20_000, times: 1, afterMs: null, isReturn: false };
export const skip = { from: 1000n, to: 6000n, atMs: NOW - 20_000 };
export const unassigned = {
  topic: "orders",
  partition: 6,
  sinceMs: NOW - 30_000,
  waitingMessages: 40n,
  isWholeTopic: false,
};

export const event = (kind: GroupEvent["kind"], secondsAgo: number, clientId: string | null = null): GroupEvent => ({
  kind,
  atMs: NOW - secondsAgo * 1000,
  clientId,
  times: 1,
});
/** Rebalances at an interval in seconds, the last a moment ago; in each, a member joins and one leaves. */
export const loop = (count: number, every: number, withMembers = true): GroupEvent[] =>
  Array.from({ length: count }, (_, i) => (count - 1 - i) * every + 2).flatMap((ago) => [
    event("rebalance", ago),
    ...(withMembers ? [event("joined", ago, "payments-9"), event("left", ago - 1, "payments-9")] : []),
  ]);
