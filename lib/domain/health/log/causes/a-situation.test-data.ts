/** A healthy group of three members over six partitions, to be spoiled by tests. */
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
    timeLagMs: 0,
    verdict: "ok",
    pace: pace(150, 150),
    commitEveryMs: 5000,
    caughtUpAtMs: NOW,
    memberId: `m-${at % 3}`,
    hasLeader: true,
    pinned: null,
    rewind: null,
    skip: null,
    ...over,
  };
}

/** It moved so long ago, events wait, the oldest for as long. */
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
    unread: [],
    allowedLagMessages: 0n,
    knownSinceMs: 0,
    nowMs: NOW,
    ...over,
  };
}

const TOPIC: TopicSituation = { topic: "orders", partitionCount: 6 };

/** The same group with some of its partitions spoiled. */
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

export const event = (kind: GroupEvent["kind"], secondsAgo: number, clientId: string | null = null): GroupEvent => ({
  kind,
  atMs: NOW - secondsAgo * 1000,
  clientId,
  times: 1,
});
/** Rebalances every so many seconds, the last a moment ago, each with a member that came and one that went. */
export const loop = (count: number, every: number, withMembers = true): GroupEvent[] =>
  Array.from({ length: count }, (_, i) => (count - 1 - i) * every + 2).flatMap((ago) => [
    event("rebalance", ago),
    ...(withMembers ? [event("joined", ago, "payments-9"), event("left", ago - 1, "payments-9")] : []),
  ]);
