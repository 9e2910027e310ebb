/** Asks the broker, within a budget of requests, and keeps what it said in the database, writing what changed. */
import type pg from "pg";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { GroupInfo, PartitionInfo, DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { ClusterConfig, FlowtapConfig } from "#lib/config/schema.ts";
import { cutText } from "#lib/domain/text/text.ts";
import { writeCommits } from "#lib/store/ingest/commits.ts";
import {
  destinationsOf,
  markGoneDestinations,
  markInspected,
  markLeaderless,
  readCommitSource,
  writeOffsets,
  writeSettings,
  type OffsetsRow,
} from "#lib/store/destinations/destinations-write.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import { canBeNamed } from "#lib/store/ingest/names.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { GroupSchedule } from "./group-schedule.ts";
import { GroupRecorder } from "./group-recorder.ts";
import { destinationPartitionKey } from "../state/log-ends.ts";
import { StalledTransactions } from "./stalled-transactions.ts";

const SETTINGS_EVERY_MS = 60_000;
const SIZES_EVERY_MS = 60_000;
const TOPICS_WRITTEN_EVERY_MS = 30_000;
/**
 * Offsets that did not change are written again now and then, so that their age tells whether the broker
 * is still asked.
 */
const ALL_OFFSETS_EVERY_MS = 30_000;
/** Of a turn's requests the share that describes groups; each asks for so many. */
const SHARE_OF_DESCRIBING = 0.4;
const GROUPS_PER_REQUEST = 100;
const GROUPS_PER_POLL = 2000;

export interface Polled {
  readonly topics: readonly DestinationInfo[];
  readonly destinationOf: ReadonlyMap<string, number>;
  readonly topicOf: ReadonlyMap<number, string>;
  /** by id; those whose members are not known yet are not there */
  readonly groups: ReadonlyMap<number, GroupInfo>;
}

export interface BrokerPoller {
  look(): Promise<Polled>;
  /** the groups whose members' partitions were written since this was last asked */
  takeReassigned(): ReadonlySet<number>;
  /** of every partition that has a leader */
  readOffsets(seen: Polled): Promise<OffsetsRow[]>;
  writeOffsets(rows: readonly OffsetsRow[], nowMs: number): Promise<void>;
}

export interface BrokerPollerDeps {
  readonly cluster: ClusterConfig;
  readonly clusterId: number;
  readonly config: FlowtapConfig;
  readonly inspector: LogInspector;
  readonly client: pg.Client;
  readonly log: Logger;
}

export function openBrokerPoller({
  cluster,
  clusterId,
  config,
  inspector,
  client,
  log,
}: BrokerPollerDeps): BrokerPoller {
  const isOurs = (group: string) => group === cluster.tapGroup || group.startsWith(`${cluster.tapGroup}.`);
  const mostDescribed =
    Math.max(1, Math.floor(config.lag.requestsPerSecond * config.lag.pollSeconds * SHARE_OF_DESCRIBING)) *
    GROUPS_PER_REQUEST;
  const round = new GroupSchedule();
  const groupWatch = new GroupRecorder(client, clusterId, config.observe.groupServices);
  const stalled = new StalledTransactions();
  const committedKnown = new Map<number, Map<number, bigint>>();
  const offsetsKnown = new Map<string, string>();
  let destinations = new Map<string, number>();
  let sizes = new Map<string, bigint>();
  let topicsWritten = { at: 0, names: "" };
  let settingsAt = 0;
  let sizesAt = 0;
  let allOffsetsAt = 0;
  let isFirst = true;
  let saidUnnameable = false;

  /** What may be refused to us, and nothing else depends on. */
  const ifAllowed = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isBrokerFault(error)) throw error;
      log.warn({ err: error }, `${what} could not be read`);
    }
  };

  const refreshSettings = async (topics: readonly DestinationInfo[]): Promise<void> => {
    const now = Date.now();
    if (now - settingsAt >= SETTINGS_EVERY_MS) {
      settingsAt = now;
      await ifAllowed("the topics' settings", async () =>
        writeSettings(client, clusterId, await inspector.settings(topics.map((topic) => topic.name).filter(isWatched))),
      );
    }
    if (now - sizesAt >= SIZES_EVERY_MS) {
      sizesAt = now;
      await ifAllowed("the logs' sizes", async () => {
        sizes = await inspector.logSizes(topics.map((topic) => topic.name).filter(isWatched));
      });
    }
  };

  /**
   * What groups have committed, where no commit log tells: only what changed is a commit. Some groups at a time: all
   * their partitions may be hundreds of thousands.
   */
  const pollCommits = async (groups: ReadonlyMap<number, string>): Promise<void> => {
    for (const groupId of committedKnown.keys()) if (!groups.has(groupId)) committedKnown.delete(groupId);
    const names = [...groups.values()];
    for (let from = 0; from < names.length; from += GROUPS_PER_POLL) {
      const changed = (await inspector.committed(names.slice(from, from + GROUPS_PER_POLL))).flatMap((at) => {
        const groupId = groupWatch.ids.get(at.group);
        const destinationId = destinations.get(at.topic);
        if (groupId === undefined || destinationId === undefined) return [];
        const known = committedKnown.get(groupId) ?? new Map<number, bigint>();
        const key = destinationPartitionKey(destinationId, at.partition);
        if (known.get(key) === at.offset) return [];
        committedKnown.set(groupId, known.set(key, at.offset));
        return [{ groupId, destinationId, partition: at.partition, offset: at.offset, committedAtMs: Date.now() }];
      });
      await inTransaction(client, () => writeCommits({ client, storedAtMs: Date.now() }, { latest: changed }));
    }
  };

  const refreshDestinations = async (topics: readonly DestinationInfo[]): Promise<void> => {
    const names = topics.map((topic) => topic.name);
    if (names.some((name) => !destinations.has(name))) destinations = await destinationsOf(client, clusterId);
    const said = names.join("\n");
    if (said === topicsWritten.names && Date.now() - topicsWritten.at < TOPICS_WRITTEN_EVERY_MS) return;
    await markGoneDestinations(client, clusterId, names);
    destinations = await destinationsOf(client, clusterId);
    topicsWritten = { at: Date.now(), names: said };
  };

  const lookAtGroups = async (tellsGenerations: boolean): Promise<GroupInfo[]> => {
    await groupWatch.catchUp();
    if (isFirst) round.remember(groupWatch.ids.keys());
    isFirst = false;
    const list = await inspector.listGroups();
    const unnameable = list.groups.filter(({ group }) => !canBeNamed(group));
    if (unnameable.length > 0 && !saidUnnameable)
      log.warn(
        { groups: unnameable.length, first: cutText(unnameable[0]?.group ?? "", 100) },
        "groups whose names cannot be stored are left out",
      );
    saidUnnameable ||= unnameable.length > 0;
    const listed = list.groups.filter(({ group }) => !isOurs(group) && canBeNamed(group));
    const names = round.plan(listed, groupWatch.generationOf, tellsGenerations, mostDescribed, Date.now());
    const described = names.length === 0 ? [] : await inspector.groups(names);
    return round.take(
      { groups: listed, whyUnlisted: list.whyUnlisted },
      described,
      groupWatch.generationOf,
      Date.now(),
    );
  };

  const idsOf = <T>(infos: readonly GroupInfo[], told: (info: GroupInfo) => T): Map<number, T> =>
    new Map(
      infos.flatMap((info) => {
        const id = groupWatch.ids.get(info.group);
        return id === undefined ? [] : [[id, told(info)] as const];
      }),
    );

  return {
    look: async () => {
      const topics = await inspector.destinations();
      const isTapped = (await readCommitSource(client, clusterId)) === "tapped";
      const infos = await lookAtGroups(isTapped);
      const externalId = await inspector.clusterId();
      await refreshSettings(topics);
      await inTransaction(client, async () => {
        await refreshDestinations(topics);
        await groupWatch.write(infos, (group) => round.isDescribed(group), isTapped, destinations, Date.now());
        await markInspected(client, clusterId, externalId);
      });
      // Share groups write no commits that could be tapped.
      await pollCommits(
        idsOf(
          infos.filter(
            (info) => info.fault === null && info.state !== "dead" && (!isTapped || info.protocol === "share"),
          ),
          ({ group }) => group,
        ),
      );
      const groups = idsOf(
        infos.filter((info) => info.fault !== null || round.isDescribed(info.group)),
        (info) => info,
      );
      return {
        topics,
        destinationOf: destinations,
        topicOf: new Map([...destinations].map(([name, id]) => [id, name])),
        groups,
      };
    },
    takeReassigned: () => groupWatch.takeReassigned(),
    readOffsets: async ({ topics, destinationOf }) => {
      const wanted = topics
        .filter((topic) => isWatched(topic.name) && destinationOf.has(topic.name))
        .flatMap((topic) => topic.partitions.map((at): PartitionRef & PartitionInfo => ({ ...at, topic: topic.name })));
      const leaders = new Map(wanted.map((ref) => [partitionKey(ref), ref.leader]));
      const offsets = await inspector.logOffsets(wanted.filter((ref) => ref.leader !== null));
      const now = Date.now();
      const toAsk = stalled.add(offsets, now);
      if (toAsk.length > 0)
        await ifAllowed("open transactions", async () =>
          stalled.setTransactions(toAsk, await inspector.openTransactions(toAsk), now),
        );
      await markLeaderless(
        client,
        wanted.flatMap((ref) =>
          ref.leader === null ? [{ destinationId: destinationOf.get(ref.topic) ?? 0, partition: ref.partition }] : [],
        ),
      );
      return offsets.map((at) => ({
        destinationId: destinationOf.get(at.topic) ?? 0,
        partition: at.partition,
        logStartOffset: at.logStartOffset,
        endOffset: at.endOffset,
        lastStableOffset: at.lastStableOffset,
        leader: leaders.get(partitionKey(at)) ?? null,
        sizeBytes: sizes.get(partitionKey(at)) ?? null,
        heldByTransaction: stalled.of(at, now),
      }));
    },
    writeOffsets: async (rows, nowMs) => {
      const all = nowMs - allOffsetsAt > ALL_OFFSETS_EVERY_MS;
      if (all) allOffsetsAt = nowMs;
      if (all) offsetsKnown.clear();
      const changed = rows.filter((row) => {
        const key = `${row.destinationId}/${row.partition}`;
        const said = `${row.logStartOffset} ${row.endOffset} ${row.lastStableOffset} ${row.leader} ${row.sizeBytes} ${row.heldByTransaction?.sinceMs} ${row.heldByTransaction?.producerId}`;
        if (offsetsKnown.get(key) === said) return false;
        offsetsKnown.set(key, said);
        return true;
      });
      await writeOffsets(client, changed);
    },
  };
}

/** Kafka's own topics are nobody's events. */
const isWatched = (topic: string): boolean => !topic.startsWith("__");
