/**
 * One look at a cluster: what the broker says, where groups stand, what is said of them, all written in
 * one transaction.
 */
import type pg from "pg";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { ClusterConfig, FlowtapConfig } from "#lib/config/schema.ts";
import type { Finding } from "#lib/domain/health/cause.ts";
import { withHotKeys } from "#lib/domain/health/log/causes/hot-partition.ts";
import { closeGoneGroups, readOpenIncidents, writeIncidentChanges } from "#lib/store/groups/incidents-write.ts";
import { readWaitingKeys } from "#lib/store/events/heads-read.ts";
import {
  readEmptySince,
  readRecentGroupEvents,
  readLastLeft,
  writeJumpEvents,
  type JumpEvent,
  type LastLeftMember,
} from "#lib/store/groups/history-read.ts";
import {
  notifyEvaluated,
  writeGroupEvaluations,
  writeLagPoints,
  writePartitionEvaluations,
} from "#lib/store/groups/evaluations-write.ts";
import {
  readCommitsSince,
  readHorizon,
  readLastCommits,
  readRecentFailures,
  readReportedGroups,
  readTopicSettings,
} from "#lib/store/groups/states-read.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { openBrokerPoller, type Polled } from "./poll/broker-poller.ts";
import { openHeadFinder } from "./state/find-heads.ts";
import { findRewinds, findSkips, JumpEvents } from "./state/find-jumps.ts";
import { GroupEvaluator, type Evaluated } from "./evaluate/group-evaluator.ts";
import type { GroupPartitionRef } from "../group-partition.ts";
import { ReportedStatus } from "./report/reported-status.ts";
import { StateReader } from "./state/state-reader.ts";
import { PartitionEvaluator, type PartitionJump } from "./evaluate/partition-evaluator.ts";
import { UnassignedPartitions } from "./evaluate/unassigned-partitions.ts";
import { ChangedRows } from "./persist/changed-rows.ts";

const COMMITS_TO_REBUILD_FROM = 30;
const PLACES_PER_READ = 500;
const FAILURES_MINUTES = 5;
const HEADS_PER_TURN = 2000;
const EVENTS_BACK_MS = 180_000;
const SETTINGS_EVERY_MS = 30_000;
/**
 * After a start, or when the broker is back, commits may be on their way that nobody has read: until then
 * nothing new is said.
 */
const UNCERTAIN_MS = 15_000;
const KEYS = { perTurn: 5, events: 2000, againMs: 60_000 } as const;

export interface CycleDeps {
  readonly cluster: ClusterConfig;
  readonly clusterId: number;
  readonly config: FlowtapConfig;
  readonly inspector: LogInspector;
  readonly reader: Reader;
  readonly client: pg.Client;
  readonly log: Logger;
}

export interface Cycles {
  look(): Promise<void>;
  /** the cluster has not answered since then */
  outage(reason: string, sinceMs: number): Promise<void>;
}

export async function openCycles(deps: CycleDeps): Promise<Cycles> {
  const { cluster, clusterId, config, inspector, client, log } = deps;
  const watch = openBrokerPoller({ cluster, clusterId, config, inspector, client, log });
  const finder = openHeadFinder({ client, reader: deps.reader, eventsHours: config.retention.eventsHours, log });
  const allowed = BigInt(config.lag.allowedMessages);
  const standings = new PartitionEvaluator(allowed);
  const reader = new StateReader(client, clusterId, standings.places);
  const unread = new UnassignedPartitions(standings.ends);
  const said = new ReportedStatus(
    await readReportedGroups(client, clusterId),
    await readOpenIncidents(client, clusterId),
    Date.now(),
  );
  const judge = new GroupEvaluator(unread, said, allowed);
  const written = new ChangedRows();
  const jumpMarks = new JumpEvents();
  const leftLast = new Map<number, LastLeftMember>();
  const keysOf = new Map<
    number,
    { readonly atMs: number; readonly keys: Awaited<ReturnType<typeof readWaitingKeys>> }
  >();
  let horizon: bigint | null = null;
  let before: Polled | null = null;
  let settingsAtMs = 0;
  let uncertainUntilMs = Date.now() + UNCERTAIN_MS;
  let knownSinceMs = 0;
  let isOut = false;

  /** Commits that went back and have not come back, and those that left out what nobody can have consumed. */
  const takeJumps = async (jumps: readonly PartitionJump[], seen: Polled): Promise<JumpEvent[]> => {
    if (jumps.length === 0) return [];
    const skips = await findSkips(client, jumps, horizon === null ? null : before, seen);
    for (const skip of skips) standings.addSkip(skip);
    return [
      ...jumpMarks.of(findRewinds(jumps, standings.places), "rewound", seen.topicOf),
      ...jumpMarks.of(skips, "skipped", seen.topicOf),
    ];
  };

  /** A few places at a time: their last commits are many times as many. */
  const rememberCommits = async (): Promise<PartitionJump[]> => {
    const jumps: PartitionJump[] = [];
    let some: GroupPartitionRef[] = [];
    const remember = async () =>
      jumps.push(...standings.addCommits(await readLastCommits(client, some, COMMITS_TO_REBUILD_FROM)));
    for (const place of standings.places.refs()) {
      some.push(place);
      if (some.length < PLACES_PER_READ) continue;
      await remember();
      some = [];
    }
    await remember();
    return jumps;
  };

  const takeCommits = async (from: bigint, upTo: bigint): Promise<PartitionJump[]> => {
    const jumps: PartitionJump[] = [];
    for await (const commits of readCommitsSince(client, clusterId, from, upTo))
      jumps.push(...standings.addCommits(commits));
    return jumps;
  };

  /** Who left last is asked once per emptying, of the groups where it matters. */
  const refreshLeftLast = async (seen: Polled): Promise<void> => {
    for (const groupId of leftLast.keys()) if (seen.groups.get(groupId)?.members.length !== 0) leftLast.delete(groupId);
    const wanted = [...standings.places.groupIds].filter(
      (groupId) => seen.groups.get(groupId)?.members.length === 0 && !leftLast.has(groupId),
    );
    for (const left of await readLastLeft(client, wanted.slice(0, 500))) leftLast.set(left.groupId, left);
  };

  const withKeys = async (groupId: number, finding: Finding, seen: Polled, nowMs: number): Promise<Finding> => {
    const known = keysOf.get(groupId);
    const destinationId = finding.at === null ? undefined : seen.destinationOf.get(finding.at.topic);
    if (destinationId === undefined || finding.at === null) return finding;
    if (known === undefined || nowMs - known.atMs > KEYS.againMs) {
      keysOf.set(groupId, {
        atMs: nowMs,
        keys: await readWaitingKeys(
          client,
          { destinationId, partition: finding.at.partition, committedOffset: BigInt(finding.at.offset ?? 0) },
          KEYS.events,
        ),
      });
    }
    const found = keysOf.get(groupId)?.keys;
    return found === undefined ? finding : withHotKeys(finding, found.keys, found.events);
  };

  const addKeys = async (judged: Evaluated, seen: Polled, nowMs: number): Promise<void> => {
    const hot = judged.groups.filter((group) => group.finding?.cause === "hot_partition");
    for (const groupId of keysOf.keys()) if (!hot.some((group) => group.groupId === groupId)) keysOf.delete(groupId);
    for (const group of hot.slice(0, KEYS.perTurn)) {
      if (group.finding === null) continue;
      const finding = await withKeys(group.groupId, group.finding, seen, nowMs);
      judged.groups.splice(judged.groups.indexOf(group), 1, { ...group, finding });
      for (const [i, change] of judged.incidents.entries())
        if (change.groupId === group.groupId && change.finding !== null) judged.incidents[i] = { ...change, finding };
    }
  };

  const look = async (): Promise<void> => {
    const seen = await watch.look();
    // Commits before the ends they are held against: lag is overstated by a moment rather than negative.
    await reader.refresh(seen.groups, watch.takeReassigned(), Date.now());
    const upTo = await readHorizon(client);
    const offsets = await watch.readOffsets(seen);
    const nowMs = Date.now();
    if (isOut) {
      uncertainUntilMs = nowMs + UNCERTAIN_MS;
      knownSinceMs = nowMs;
      isOut = false;
    }
    if (nowMs - settingsAtMs > SETTINGS_EVERY_MS) {
      standings.settings = await readTopicSettings(client, clusterId);
      settingsAtMs = nowMs;
    }
    standings.addEnds(offsets, seen.topics, seen.destinationOf, nowMs);
    unread.add(seen.topics, seen.destinationOf);
    const jumps = await (horizon === null ? rememberCommits() : takeCommits(horizon, upTo));
    const marks = await takeJumps(jumps, seen);
    horizon = upTo;
    standings.addHeads(await finder.find(standings.headsWanted(seen.topicOf, nowMs, HEADS_PER_TURN), nowMs));
    await refreshLeftLast(seen);
    const judged = judge.judge(
      standings.judge(seen.topicOf, nowMs),
      {
        groups: seen.groups,
        topicOf: seen.topicOf,
        recentFailures: await readRecentFailures(client, clusterId, FAILURES_MINUTES),
        events: await readRecentGroupEvents(client, clusterId, nowMs - EVENTS_BACK_MS),
        emptySince: await readEmptySince(client, clusterId),
        leftLast,
        isCertain: nowMs >= uncertainUntilMs,
        knownSinceMs,
        nowMs,
      },
      (judgements) => standings.changed(judgements, nowMs),
    );
    await addKeys(judged, seen, nowMs);
    await inTransaction(client, async () => {
      await watch.writeOffsets(offsets, nowMs);
      await writePartitionEvaluations(client, judged.partitions);
      await writeGroupEvaluations(client, written.changed(judged.groups, nowMs));
      await writeLagPoints(client, written.changedPoints(judged.points, nowMs));
      await writeJumpEvents(client, marks);
      said.setOpened(await writeIncidentChanges(client, clusterId, judged.incidents, nowMs));
      said.forget(await closeGoneGroups(client, clusterId));
      await notifyEvaluated(client);
    });
    written.forgetOthers(seen.groups);
    before = seen;
  };

  return {
    look,
    outage: async (reason, sinceMs) => {
      isOut = true;
      if (before === null) return;
      const nowMs = Date.now();
      const { groups, incidents } = judge.judgeOutage(reason, sinceMs, before.groups, nowMs);
      await inTransaction(client, async () => {
        await writeGroupEvaluations(client, written.changed(groups, nowMs));
        said.setOpened(await writeIncidentChanges(client, clusterId, incidents, nowMs));
        await notifyEvaluated(client);
      });
    },
  };
}
