import { FetchIsolationLevels, ListOffsetTimestamps } from "@platformatic/kafka";
import type { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { partitionKey } from "../partition-key.ts";
import type { GroupInfo, RequestLimits } from "../ports/inspector.ts";
import type { LogInspector, PartitionLogOffsets } from "../ports/log-inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { COMMIT_LOG_TOPIC } from "./commit-log.ts";
import { createTopic, resetOffsets } from "./inspect-changes.ts";
import { describeGroups } from "./inspect-group-describe.ts";
import { fetchCommitted, fetchShareOffsets } from "./inspect-group-offsets.ts";
import { commitLogPartition } from "./inspect-group-words.ts";
import { infoOf, listGroups, type GroupListing, type ListedGroup } from "./inspect-groups.ts";
import { readLayout, type Layout } from "./inspect-layout.ts";
import { readLogSizes } from "./inspect-log-dirs.ts";
import { askOffsets } from "./inspect-offsets.ts";
import { openRequests } from "./inspect-requests.ts";
import { perBroker } from "./per-broker.ts";
import { readSettings } from "./inspect-settings.ts";
import { ShareProgress } from "./share-progress.ts";
import { findOpenTransactions } from "./inspect-transactions.ts";

const PARTITIONS_PER_REQUEST = 5000;
/** Retention moves a log's start by whole segments, so it needs no request with every end offset. */
const LOG_START_KEPT_MS = 10_000;

/** Reads a Kafka cluster's state (Kafka 3.0 and later). Connects on first use; use one call at a time. */
export function openInspector(cluster: KafkaClusterConfig, limits: RequestLimits = {}): LogInspector {
  const requests = openRequests(cluster, limits);
  let layout: Layout | null = null;
  let listing: GroupListing = { groups: new Map(), faults: new Map() };
  const shareProgress = new ShareProgress();
  let lastEnds = new Map<string, bigint>();
  let logStarts = { at: 0, offsets: new Map<string, bigint>() };

  const refreshLayout = async (): Promise<Layout> => (layout = await readLayout(requests));
  const knownLayout = async (partitions: readonly PartitionRef[]): Promise<Layout> => {
    if (layout !== null && partitions.every((ref) => layout?.leaders.has(partitionKey(ref)))) return layout;
    return refreshLayout();
  };
  const readGroups = async (): Promise<GroupListing> =>
    (listing = await listGroups(requests, [...(layout ?? (await refreshLayout())).brokers.values()]));
  const whyUnlisted = (group: string): string | null => {
    const commitLog = layout?.topics.find((topic) => topic.name === COMMIT_LOG_TOPIC);
    // When the commit log may not be seen, the group's coordinator is unknown: any fault may be the reason.
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
      return fault === null ? [] : [unlistedGroup(group, fault)];
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
    // The partition may have another leader now: the next call reads the layout again.
    if (found.some((at) => at.errorCode !== 0)) layout = null;
    return new Map(found.flatMap((at) => (at.errorCode === 0 ? [[partitionKey(at), at.offset] as const] : [])));
  };

  return {
    clusterId: async () => (layout ?? (await refreshLayout())).clusterId,
    destinations: async () => (await refreshLayout()).topics,
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
    routes: () => Promise.resolve([]),
    openTransactions: async (partitions) => {
      const { known, led } = await byLeader(partitions);
      return findOpenTransactions(requests, [...known.brokers.values()], led);
    },
    logSizes: async (topics) => {
      const asked = new Set(topics);
      const refs = (layout ?? (await refreshLayout())).topics
        .filter(({ name: topic }) => asked.has(topic))
        .flatMap(({ name: topic, partitions }) => partitions.map(({ partition }) => ({ topic, partition })));
      const { known, led } = await byLeader(refs);
      return readLogSizes(requests, known.brokers, led);
    },
    committed: async (names) => {
      const listed = await listedOf(names);
      const committed = await fetchCommitted(requests, listed);
      const shared = await fetchShareOffsets(requests, listed);
      return [...committed, ...shared.flatMap((group) => shareProgress.committedOf(group, lastEnds))];
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
      await resetOffsets(requests, group, info, offsets);
    },
    createTopic: (topic, partitions) => createTopic(requests, topic, partitions),
    close: () => requests.close(),
  };
}

const unlistedGroup = (group: string, fault: string): GroupInfo => ({
  group,
  protocol: "unknown",
  state: "unknown",
  coordinator: null,
  generation: null,
  members: [],
  subscription: [],
  fault,
});
