/** Asks the broker and keeps what it said in the database, writing what changed. */
import type pg from "pg";
import type { GroupInfo, Inspector, PartitionRef, TopicInfo } from "#lib/brokers/ports.ts";
import type { ClusterConfig, FlowtapConfig } from "#lib/config/schema.ts";
import { openGroupServices, servicesByName } from "#lib/domain/correlation/group-service.ts";
import { writeCommits } from "#lib/store/ingest-commits.ts";
import { destinationsOf, markGoneDestinations, markInspected, readCommitSource, readServiceNames, writeGroups, writeMembers, writeOffsets, writeSettings, type AssignmentRow, type OffsetsRow } from "#lib/store/inspect-broker.ts";
import { inTransaction } from "#lib/store/leader-lock.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { BrokerFault } from "./broker-fault.ts";

const SETTINGS_EVERY_MS = 60_000;
/** Offsets that did not change are written again now and then, so that their age tells whether the broker is still asked. */
const ALL_OFFSETS_EVERY_MS = 30_000;

export interface Seen {
  readonly topics: readonly TopicInfo[];
  readonly destinationOf: ReadonlyMap<string, number>;
  readonly topicOf: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, GroupInfo>;
}

export interface BrokerWatch {
  look(): Promise<Seen>;
  readOffsets(seen: Seen): Promise<OffsetsRow[]>;
  writeOffsets(rows: readonly OffsetsRow[], nowMs: number): Promise<void>;
}

export interface BrokerWatchDeps {
  readonly cluster: ClusterConfig;
  readonly clusterId: number;
  readonly config: FlowtapConfig;
  readonly inspector: Inspector;
  readonly client: pg.Client;
  readonly log: Logger;
}

async function ask<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new BrokerFault(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export function openBrokerWatch({ cluster, clusterId, config, inspector, client, log }: BrokerWatchDeps): BrokerWatch {
  const isOurs = (group: string) => group === cluster.tapGroup || group.startsWith(`${cluster.tapGroup}.`);
  const membersKnown = new Map<number, string>();
  const committedKnown = new Map<string, bigint>();
  const offsetsKnown = new Map<string, string>();
  let settingsAt = 0;
  let allOffsetsAt = 0;

  /** Settings may be refused to us; nothing else depends on them. */
  const refreshSettings = async (topics: readonly TopicInfo[]): Promise<void> => {
    if (Date.now() - settingsAt < SETTINGS_EVERY_MS) return;
    settingsAt = Date.now();
    try {
      const settings = await inspector.settings(topics.map((topic) => topic.topic).filter(isWatched));
      await writeSettings(client, clusterId, settings);
    } catch (error) {
      log.warn({ err: error }, "the topics' settings could not be read");
    }
  };

  /** What groups have committed, where the commit log may not be read: only what changed is a commit. */
  const pollCommits = async (names: readonly string[], ids: ReadonlyMap<string, number>, destinations: ReadonlyMap<string, number>): Promise<void> => {
    const committed = await ask(inspector.committed(names));
    const changed = committed.flatMap((at) => {
      const groupId = ids.get(at.group);
      const destinationId = destinations.get(at.topic);
      if (groupId === undefined || destinationId === undefined) return [];
      const key = `${groupId}/${destinationId}/${at.partition}`;
      if (committedKnown.get(key) === at.offset) return [];
      committedKnown.set(key, at.offset);
      return [{ groupId, destinationId, partition: at.partition, offset: at.offset, committedAtMs: Date.now() }];
    });
    try {
      await inTransaction(client, () => writeCommits({ client, storedAtMs: Date.now() }, changed));
    } catch (error) {
      committedKnown.clear();
      throw error;
    }
  };

  return {
    look: async () => {
      const topics = await ask(inspector.topics());
      const names = (await ask(inspector.listGroups())).groups.map(({ group }) => group).filter((name) => !isOurs(name));
      const infos = await ask(inspector.groups(names));
      const externalId = await ask(inspector.clusterId());
      await refreshSettings(topics);
      const serviceOf = openGroupServices(config.observe.groupServices, servicesByName(await readServiceNames(client)));
      const rows = infos.map((info) => {
        const found = serviceOf(info.group);
        return { info, service: found?.service ?? null, serviceKnownBy: found?.knownBy ?? null };
      });
      const destinations = await destinationsOf(client, clusterId);
      const ids = await inTransaction(client, async () => {
        await markGoneDestinations(client, clusterId, topics.map((topic) => topic.topic));
        const groupIds = await writeGroups(client, clusterId, rows);
        await writeChangedMembers(client, infos, groupIds, destinations, membersKnown);
        await markInspected(client, clusterId, externalId);
        return groupIds;
      });
      if ((await readCommitSource(client, clusterId)) === "polled") await pollCommits(names, ids, destinations);
      const groups = new Map(infos.flatMap((info) => { const id = ids.get(info.group); return id === undefined ? [] : [[id, info] as const]; }));
      return { topics, destinationOf: destinations, topicOf: new Map([...destinations].map(([name, id]) => [id, name])), groups };
    },
    readOffsets: async ({ topics, destinationOf }) => {
      const wanted = topics.filter((topic) => isWatched(topic.topic) && destinationOf.has(topic.topic)).flatMap((topic) => topic.partitions.map((at): PartitionRef & { leader: number | null } => ({ topic: topic.topic, partition: at.partition, leader: at.leader })));
      const leaders = new Map(wanted.map((ref) => [`${ref.topic}/${ref.partition}`, ref.leader]));
      const offsets = await ask(inspector.logOffsets(wanted));
      return offsets.map((at) => ({ destinationId: destinationOf.get(at.topic) ?? 0, partition: at.partition, logStartOffset: at.logStartOffset, endOffset: at.endOffset, lastStableOffset: at.lastStableOffset, leader: leaders.get(`${at.topic}/${at.partition}`) ?? null, sizeBytes: null, pinned: null }));
    },
    writeOffsets: async (rows, nowMs) => {
      const all = nowMs - allOffsetsAt > ALL_OFFSETS_EVERY_MS;
      if (all) allOffsetsAt = nowMs;
      if (all) offsetsKnown.clear();
      const changed = rows.filter((row) => {
        const key = `${row.destinationId}/${row.partition}`;
        const said = `${row.logStartOffset} ${row.endOffset} ${row.lastStableOffset} ${row.leader}`;
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

async function writeChangedMembers(client: pg.Client, infos: readonly GroupInfo[], ids: ReadonlyMap<string, number>, destinations: ReadonlyMap<string, number>, known: Map<number, string>): Promise<void> {
  const changed = new Map<number, GroupInfo["members"]>();
  const assignments: AssignmentRow[] = [];
  for (const info of infos) {
    const groupId = ids.get(info.group);
    if (groupId === undefined) continue;
    const said = JSON.stringify(info.members);
    if (known.get(groupId) === said) continue;
    known.set(groupId, said);
    changed.set(groupId, info.members);
    for (const member of info.members) {
      for (const ref of member.assignment) {
        const destinationId = destinations.get(ref.topic);
        if (destinationId !== undefined) assignments.push({ groupId, destinationId, partition: ref.partition, memberId: member.memberId });
        // A topic that is not known yet: the group is written again when it is.
        else known.delete(groupId);
      }
    }
  }
  await writeMembers(client, changed, assignments);
}
