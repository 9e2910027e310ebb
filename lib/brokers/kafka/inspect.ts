import {
  ConfigResourceTypes,
  createTopicsV7,
  describeConfigsV4,
  FetchIsolationLevels,
  listOffsetsV7,
  ListOffsetTimestamps,
  metadataV12,
} from "@platformatic/kafka";
import type { ClusterConfig } from "#lib/config/schema.ts";
import { partitionKey } from "../partition-key.ts";
import { BrokerFault } from "../ports/errors.ts";
import type { GroupInfo, DestinationInfo, RequestLimits } from "../ports/inspector.ts";
import type { LogInspector, PartitionLogOffsets, LogSettings } from "../ports/log-inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { COMMIT_LOG_TOPIC } from "./commit-log.ts";
import { kafkaErrorOf } from "./connect-fault.ts";
import { boundedText, isDestinationName } from "../bounded.ts";
import { commitLogPartition } from "./inspect-group-words.ts";
import {
  describeGroups,
  fetchCommitted,
  fetchShareOffsets,
  infoOf,
  listGroups,
  type GroupListing,
  type ListedGroup,
} from "./inspect-groups.ts";
import { readLogSizes } from "./inspect-log-dirs.ts";
import { chunksOf, openRequests, perBroker, type BrokerAddress, type Requests } from "./inspect-requests.ts";
import { ShareProgress } from "./inspect-share.ts";
import { findOpenTransactions } from "./inspect-transactions.ts";

const PARTITIONS_PER_REQUEST = 5000;
const TOPICS_PER_CONFIG_REQUEST = 500;
const UNKNOWN_TOPIC = 3;
const IS_THERE: ReadonlySet<string> = new Set(["TOPIC_ALREADY_EXISTS"]);
const BROKERS_DEFAULT = -1;
const CREATE_TIMEOUT_MS = 15_000;
/** How a coordinator says to somebody who is no member that there are members. */
const NOT_EMPTY: ReadonlySet<string> = new Set([
  "UNKNOWN_MEMBER_ID",
  "NON_EMPTY_GROUP",
  "REBALANCE_IN_PROGRESS",
  "ILLEGAL_GENERATION",
  "STALE_MEMBER_EPOCH",
  "FENCED_MEMBER_EPOCH",
]);
/** The start of a log moves by retention, in segments: no need to ask for it with every end. */
const LOG_START_KEPT_MS = 10_000;

interface Layout {
  readonly brokers: Map<number, BrokerAddress>;
  readonly clusterId: string | null;
  readonly topics: DestinationInfo[];
  readonly leaders: Map<string, number>;
}

/** Reads a Kafka cluster's state (Kafka 3.0 and later). Connects on first use; use one call at a time. */
export function openInspector(cluster: ClusterConfig, limits: RequestLimits = {}): LogInspector {
  const requests = openRequests(cluster, limits);
  let layout: Layout | null = null;
  let listing: GroupListing = { groups: new Map(), faults: new Map() };
  const shares = new ShareProgress();
  let lastEnds = new Map<string, bigint>();
  let logStarts = { at: 0, offsets: new Map<string, bigint>() };

  const readLayout = async (): Promise<Layout> =>
    (layout = layoutOf(await requests.toAny(metadataV12.api, null, false, false)));
  const knownLayout = async (partitions: readonly PartitionRef[]): Promise<Layout> => {
    if (layout !== null && partitions.every((ref) => layout?.leaders.has(partitionKey(ref)))) return layout;
    return readLayout();
  };
  const readGroups = async (): Promise<GroupListing> =>
    (listing = await listGroups(requests, [...(layout ?? (await readLayout())).brokers.values()]));
  const whyUnlisted = (group: string): string | null => {
    const commitLog = layout?.topics.find((topic) => topic.name === COMMIT_LOG_TOPIC);
    // Where the commit log may not be seen it is not known whose group it would be.
    if (commitLog === undefined) return [...listing.faults.values()][0] ?? null;
    const partition = commitLogPartition(group, commitLog.partitions.length);
    const leader = commitLog.partitions.find((at) => at.partition === partition)?.leader ?? null;
    return leader === null
      ? `no coordinator: ${COMMIT_LOG_TOPIC}[${partition}] has no leader`
      : (listing.faults.get(leader) ?? null);
  };
  const listedOf = async (names: readonly string[]): Promise<ListedGroup[]> => {
    const known = names.every((name) => listing.groups.has(name)) ? listing : await readGroups();
    return names.flatMap((name) => known.groups.get(name) ?? []);
  };
  const describe = async (names: readonly string[]): Promise<GroupInfo[]> => {
    const listed = await listedOf(names);
    const there = new Set(listed.map(({ group }) => group));
    const unlisted = names.flatMap((group): GroupInfo[] => {
      const fault = there.has(group) ? null : whyUnlisted(group);
      return fault === null
        ? []
        : [
            {
              group,
              protocol: "unknown",
              state: "unknown",
              coordinator: null,
              generation: null,
              members: [],
              subscription: [],
              fault,
            },
          ];
    });
    return [...(await describeGroups(requests, listed)), ...unlisted];
  };
  const byLeader = async <T extends PartitionRef>(
    partitions: readonly T[],
  ): Promise<{ readonly known: Layout; readonly led: Map<number, T[]> }> => {
    const known = await knownLayout(partitions);
    return {
      known,
      led: Map.groupBy(
        partitions.filter((ref) => known.brokers.has(known.leaders.get(partitionKey(ref)) ?? -1)),
        (ref) => known.leaders.get(partitionKey(ref)) ?? -1,
      ),
    };
  };
  const listOffsets = async (
    partitions: readonly PartitionRef[],
    timestamp: bigint,
    isolation: 0 | 1,
  ): Promise<Map<string, bigint>> => {
    const { known, led } = await byLeader(partitions);
    const found = await perBroker(led, PARTITIONS_PER_REQUEST, async (nodeId, chunk) => {
      const broker = known.brokers.get(nodeId);
      return broker === undefined ? [] : askOffsets(requests, broker, chunk, timestamp, isolation);
    });
    // A partition that moved to another leader is found there the next time.
    if (found.some((at) => at.errorCode !== 0)) layout = null;
    return new Map(found.flatMap((at) => (at.errorCode === 0 ? [[partitionKey(at), at.offset] as const] : [])));
  };

  return {
    clusterId: async () => (layout ?? (await readLayout())).clusterId,
    destinations: async () => (await readLayout()).topics,
    settings: (topics) => readSettings(requests, topics),
    logOffsets: async (partitions) => {
      const now = Date.now();
      if (
        now - logStarts.at > LOG_START_KEPT_MS ||
        partitions.some((ref) => !logStarts.offsets.has(partitionKey(ref)))
      ) {
        logStarts = {
          at: now,
          offsets: await listOffsets(partitions, ListOffsetTimestamps.EARLIEST, FetchIsolationLevels.READ_UNCOMMITTED),
        };
      }
      const stable = await listOffsets(partitions, ListOffsetTimestamps.LATEST, FetchIsolationLevels.READ_COMMITTED);
      const ends = await listOffsets(partitions, ListOffsetTimestamps.LATEST, FetchIsolationLevels.READ_UNCOMMITTED);
      lastEnds = ends;
      return partitions.flatMap((ref): PartitionLogOffsets[] => {
        const key = partitionKey(ref);
        const endOffset = ends.get(key);
        const logStartOffset = logStarts.offsets.get(key);
        if (endOffset === undefined || logStartOffset === undefined) return [];
        return [
          {
            topic: ref.topic,
            partition: ref.partition,
            logStartOffset,
            endOffset,
            lastStableOffset: stable.get(key) ?? endOffset,
          },
        ];
      });
    },
    listGroups: async () => {
      await readGroups();
      return { groups: [...listing.groups.values()].map((group) => infoOf(group)), whyUnlisted };
    },
    groups: describe,
    openTransactions: async (partitions) => {
      const { known, led } = await byLeader(partitions);
      return findOpenTransactions(requests, [...known.brokers.values()], led);
    },
    logSizes: async (topics) => {
      const asked = new Set(topics);
      const refs = (layout ?? (await readLayout())).topics
        .filter(({ name: topic }) => asked.has(topic))
        .flatMap(({ name: topic, partitions }) => partitions.map(({ partition }) => ({ topic, partition })));
      const { known, led } = await byLeader(refs);
      return readLogSizes(requests, known.brokers, led);
    },
    committed: async (names) => {
      const listed = await listedOf(names);
      const committed = await fetchCommitted(requests, listed);
      for (const { groupId, topics } of await fetchShareOffsets(requests, listed)) {
        const told = topics.flatMap(({ topicName, partitions }) =>
          partitions
            .filter((at) => at.errorCode === 0 && at.startOffset >= 0n)
            .map((at) => ({
              ...at,
              topic: topicName,
              key: partitionKey({ topic: topicName, partition: at.partition }),
            })),
        );
        const done = shares.add(
          groupId,
          told.map((at) => ({ ...at, endOffset: lastEnds.get(at.key) })),
        );
        for (const { topic, partition, key, startOffset } of told)
          committed.push({ group: groupId, topic, partition, offset: done.get(key) ?? startOffset });
      }
      return committed;
    },
    offsetsAt: async (partitions, timeMs) => {
      const at = await listOffsets(
        partitions,
        BigInt(Math.max(0, Math.floor(timeMs))),
        FetchIsolationLevels.READ_UNCOMMITTED,
      );
      const late = partitions.filter((ref) => (at.get(partitionKey(ref)) ?? 0n) < 0n);
      if (late.length > 0)
        for (const [key, end] of await listOffsets(
          late,
          ListOffsetTimestamps.LATEST,
          FetchIsolationLevels.READ_UNCOMMITTED,
        ))
          at.set(key, end);
      return at;
    },
    resetOffsets: async (group, offsets) => {
      await readGroups();
      const [info] = await describe([group]);
      if (info !== undefined && info.fault !== null)
        throw new BrokerFault({ kind: "unknown" }, `The group ${group} cannot be described: ${info.fault}`);
      if (info !== undefined && info.state !== "empty" && info.state !== "dead")
        throw new BrokerFault(
          { kind: "group_not_empty" },
          `The group ${group} is ${info.state} with ${info.members.length} members; ` +
            "its offsets can be reset when it has none.",
        );
      const topics = Map.groupBy(offsets, (at) => at.topic);
      try {
        await requests.ask((admin) =>
          admin.alterConsumerGroupOffsets({
            groupId: group,
            topics: [...topics].map(([name, all]) => ({
              name,
              partitionOffsets: all.map(({ partition, offset }) => ({ partition, offset })),
            })),
          }),
        );
      } catch (error) {
        const refusal = kafkaErrorOf(error, NOT_EMPTY);
        throw refusal === null
          ? error
          : new BrokerFault({ kind: "group_not_empty" }, `The group ${group} got a member meanwhile (${refusal}).`, {
              cause: error,
            });
      }
    },
    createTopic: async (topic, partitions) => {
      try {
        await requests.toAny(
          createTopicsV7.api,
          [
            {
              name: topic,
              numPartitions: partitions,
              replicationFactor: BROKERS_DEFAULT,
              assignments: [],
              configs: [],
            },
          ],
          CREATE_TIMEOUT_MS,
          false,
        );
      } catch (error) {
        if (kafkaErrorOf(error, IS_THERE) === null) throw error;
      }
    },
    close: () => requests.close(),
  };
}

async function askOffsets(
  requests: Requests,
  broker: BrokerAddress,
  chunk: readonly PartitionRef[],
  timestamp: bigint,
  isolation: 0 | 1,
): Promise<(PartitionRef & { offset: bigint; errorCode: number })[]> {
  const topics = [...Map.groupBy(chunk, (ref) => ref.topic)].map(([name, refs]) => ({
    name,
    partitions: refs.map(({ partition }) => ({ partitionIndex: partition, currentLeaderEpoch: -1, timestamp })),
  }));
  const answer = await requests.toBroker(broker, listOffsetsV7.api, -1, isolation, topics);
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map((at) => ({ topic: name, partition: at.partitionIndex, offset: at.offset, errorCode: at.errorCode })),
  );
}

async function readSettings(requests: Requests, topics: readonly string[]): Promise<Map<string, LogSettings>> {
  const settings = new Map<string, LogSettings>();
  for (const chunk of chunksOf(topics, TOPICS_PER_CONFIG_REQUEST)) {
    const { results } = await requests.toAny(
      describeConfigsV4.api,
      chunk.map((topic) => ({
        resourceType: ConfigResourceTypes.TOPIC,
        resourceName: topic,
        configurationKeys: ["cleanup.policy", "retention.ms", "retention.bytes", "max.message.bytes"],
      })),
      false,
      false,
    );
    for (const { resourceName, configs, errorCode } of results) {
      if (errorCode !== 0) continue;
      const value = (name: string) => configs.find((config) => config.name === name)?.value ?? null;
      settings.set(resourceName, {
        cleanupPolicy: value("cleanup.policy"),
        retentionMs: limitOf(value("retention.ms")),
        retentionBytes: limitOf(value("retention.bytes")),
        maxMessageBytes: value("max.message.bytes") === null ? null : Number(value("max.message.bytes")),
      });
    }
  }
  return settings;
}

/** Kafka says -1 for "no limit". */
function limitOf(value: string | null): bigint | null {
  return value === null || !/^\d{1,19}$/.test(value) ? null : BigInt(value);
}

function layoutOf(answer: metadataV12.MetadataResponse): Layout {
  const topics: DestinationInfo[] = [];
  const leaders = new Map<string, number>();
  for (const raw of answer.topics) {
    if (!raw.name || !isDestinationName(raw.name) || raw.errorCode === UNKNOWN_TOPIC || raw.partitions.length === 0)
      continue;
    const partitions = raw.partitions
      .map((at) => ({
        partition: at.partitionIndex,
        leader: at.leaderId >= 0 ? at.leaderId : null,
        replicas: at.replicaNodes.length,
        inSync: at.isrNodes.length,
        offlineReplicas: at.offlineReplicas.length,
      }))
      .sort((a, b) => a.partition - b.partition);
    topics.push({
      name: raw.name,
      partitions,
      replication: Math.max(...raw.partitions.map((at) => at.replicaNodes.length)),
    });
    for (const { partition, leader } of partitions)
      leaders.set(partitionKey({ topic: raw.name, partition }), leader ?? -1);
  }
  return {
    brokers: new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { nodeId, host, port }])),
    clusterId: boundedText(answer.clusterId ?? "") || null,
    topics,
    leaders,
  };
}
