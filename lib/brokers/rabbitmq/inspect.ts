/** What RabbitMQ tells of its exchanges and queues: a queue is to Flowtap the group of its consumers. */
import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import { boundedMember } from "../bounded.ts";
import { partitionKey } from "../partition-key.ts";
import { BrokerFault } from "../ports/errors.ts";
import type { DestinationInfo, GroupInfo, GroupList, RequestLimits } from "../ports/inspector.ts";
import type { LogInspector, LogSettings, PartitionLogOffsets } from "../ports/log-inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { openManagement, type BindingRow, type ConsumerRow, type QueueRow } from "./management.ts";
import {
  canBeTapped,
  destinationOfExchange,
  destinationOfQueue,
  exchangeOf,
  isOurs,
  queueOf,
  tapStreamOf,
} from "./names.ts";
import { parkedQueues } from "./parked.ts";
import { routesOf } from "./routes.ts";
import { QueueProgress } from "./queue-progress.ts";
import { StreamEnds } from "./stream-ends.ts";

/** What was seen at one moment; it answers several questions of one cycle. */
interface Polled {
  readonly all: readonly QueueRow[];
  readonly queues: readonly QueueRow[];
  /** queues that somebody is to consume */
  readonly groups: readonly QueueRow[];
  readonly bindings: readonly BindingRow[];
}

const QUEUES_FRESH_MS = 1000;
const NOTHING: ReadonlySet<string> = new Set(["down", "stopped", "crashed"]);

export function openInspector(cluster: RabbitClusterConfig, limits?: RequestLimits): LogInspector {
  const management = openManagement(cluster, limits);
  const progress = new QueueProgress(limits?.progressBefore ?? (() => Promise.resolve(new Map())));
  const ends = new StreamEnds(cluster);
  /** queues that have consumers, or had some while this was open */
  const consumed = new Set<string>();
  let polled: { readonly atMs: number; readonly rows: Promise<Polled> } | null = null;

  const poll = (): Promise<Polled> => {
    if (polled !== null && Date.now() - polled.atMs < QUEUES_FRESH_MS) return polled.rows;
    const rows = Promise.all([management.queues(), management.bindings()]).then(async ([queues, bindings]) => {
      const own = queues.filter(isQueue);
      for (const { name, consumers } of own) if ((consumers ?? 0) > 0) consumed.add(name);
      const parked = parkedQueues(own, bindings, (name) => consumed.has(name));
      await progress.add(own);
      return { all: queues, queues: own, groups: own.filter(({ name }) => !parked.has(name)), bindings };
    });
    polled = { atMs: Date.now(), rows };
    rows.catch(() => (polled = null));
    return rows;
  };

  return {
    clusterId: () => management.clusterName(),
    destinations: async () => {
      const exchanges = (await management.exchanges()).filter((one) => canBeTapped(one) && !isOurs(one.name));
      const { queues } = await poll();
      return [...exchanges.map(({ name }) => exchangeInfo(name)), ...queues.map(queueInfo)];
    },
    listGroups: async (): Promise<GroupList> => ({
      groups: (await poll()).groups.map(summaryOf),
      whyUnlisted: () => null,
    }),
    groups: async (names) => {
      const wanted = new Set(names);
      const [{ groups }, consumers, given] = await Promise.all([
        poll(),
        management.consumers(),
        management.connectionNames().catch(() => new Map<string, string>()),
      ]);
      const byQueue = Map.groupBy(consumers, ({ queue }) => queue.name);
      return groups
        .filter((queue) => wanted.has(queue.name))
        .map((queue) => groupInfo(queue, byQueue.get(queue.name) ?? [], given));
    },
    routes: async () => {
      const { groups, bindings } = await poll();
      const named = new Set(groups.map(({ name }) => name));
      return routesOf(bindings).filter(({ group }) => named.has(group));
    },
    settings: async (topics) => {
      const wanted = new Set(topics);
      const settings = new Map<string, LogSettings>();
      for (const queue of (await poll()).queues) {
        const name = destinationOfQueue(queue.name);
        if (wanted.has(name)) settings.set(name, { ...UNKNOWN_SETTINGS, retentionMs: ttlOf(queue) });
      }
      for (const name of topics) {
        if (exchangeOf(name) === null) continue;
        settings.set(name, {
          ...UNKNOWN_SETTINGS,
          retentionMs: BigInt(cluster.tap.keepHours) * 3_600_000n,
          retentionBytes: BigInt(cluster.tap.keepMegabytes) * 1_000_000n,
        });
      }
      return settings;
    },
    logOffsets: async (partitions) => {
      const queues = new Map((await poll()).all.map((queue) => [queue.name, queue]));
      const offsets: PartitionLogOffsets[] = [];
      for (const ref of partitions) {
        const found = await offsetsOf(ref, queues);
        if (found !== null) offsets.push({ ...ref, ...found });
      }
      return offsets;
    },
    committed: async (groups) => {
      await poll();
      return groups.flatMap((group) => {
        const known = progress.of(group);
        return known === null
          ? []
          : [{ group, topic: destinationOfQueue(group), partition: 0, offset: known.consumed }];
      });
    },
    // A tap stream begins with Flowtap: there is nothing before.
    offsetsAt: async (partitions) =>
      new Map(partitions.flatMap((ref) => (exchangeOf(ref.topic) === null ? [] : [[partitionKey(ref), 0n] as const]))),
    openTransactions: () => Promise.resolve(new Map()),
    logSizes: async (topics) => {
      const wanted = new Set(topics);
      const rows = (await poll()).queues.filter((queue) => wanted.has(destinationOfQueue(queue.name)));
      return new Map(
        rows.map((queue) => [
          partitionKey({ topic: destinationOfQueue(queue.name), partition: 0 }),
          BigInt(Math.round(queue.message_bytes)),
        ]),
      );
    },
    resetOffsets: () => Promise.reject(cannot("a queue has no offsets that could be reset")),
    createTopic: () => Promise.reject(cannot("Flowtap makes no exchanges")),
    close: async () => {
      management.close();
      await ends.close();
    },
  };

  async function offsetsOf(
    { topic, partition }: PartitionRef,
    queues: ReadonlyMap<string, QueueRow>,
  ): Promise<Omit<PartitionLogOffsets, "topic" | "partition"> | null> {
    if (partition !== 0) return null;
    const queue = queueOf(topic);
    if (queue !== null) {
      const known = progress.of(queue);
      return known === null
        ? null
        : { logStartOffset: known.consumed, endOffset: known.end, lastStableOffset: known.end };
    }
    const exchange = exchangeOf(topic);
    if (exchange === null) return null;
    const found = await ends.of(exchange, queues.get(tapStreamOf(exchange)));
    return found && { logStartOffset: found.first, endOffset: found.end, lastStableOffset: found.end };
  }
}

const UNKNOWN_SETTINGS = { cleanupPolicy: null, retentionMs: null, retentionBytes: null, maxMessageBytes: null };
const cannot = (words: string) => new BrokerFault({ kind: "refused" }, words);

/** Readers of a stream settle nothing: where they stand is their own. */
const isQueue = ({ name, type }: QueueRow): boolean => type !== "stream" && !isOurs(name);

const exchangeInfo = (name: string): DestinationInfo => ({
  name: destinationOfExchange(name),
  id: null,
  isReadable: true,
  partitions: [{ partition: 0, leader: 0, replicas: 1, inSync: 1, offlineReplicas: 0 }],
  replication: 1,
});

function queueInfo({ name, state, members, online }: QueueRow): DestinationInfo {
  const [replicas, inSync] = [Math.max(1, members.length), Math.max(1, online.length)];
  return {
    name: destinationOfQueue(name),
    id: null,
    isReadable: false,
    partitions: [
      {
        partition: 0,
        leader: NOTHING.has(state) ? null : 0,
        replicas,
        inSync,
        offlineReplicas: Math.max(0, members.length - online.length),
      },
    ],
    replication: replicas,
  };
}

const summaryOf = ({ name, consumers, node }: QueueRow) =>
  ({ group: name, protocol: "queue", state: stateOf(consumers), coordinator: node ?? null }) as const;

const stateOf = (consumers: number | null) => (consumers === null ? "unknown" : consumers > 0 ? "stable" : "empty");

const groupInfo = (
  queue: QueueRow,
  consumers: readonly ConsumerRow[],
  given: ReadonlyMap<string, string>,
): GroupInfo => ({
  ...summaryOf(queue),
  // The list of consumers is newer than their number.
  ...(consumers.length > 0 && { state: "stable" }),
  generation: null,
  fault: null,
  subscription: [destinationOfQueue(queue.name)],
  members: consumers.map(({ consumer_tag: tag, channel_details: { name = "", connection_name = "", peer_host } }) => ({
    ...boundedMember({
      // A tag is unique on its channel only.
      memberId: `${name} ${tag}`,
      clientId: given.get(connection_name) ?? tag,
      host: typeof peer_host === "string" ? peer_host : "",
      assignment: [],
      targetAssignment: null,
      epoch: null,
    }),
    assignment: [{ topic: destinationOfQueue(queue.name), partition: 0 }],
  })),
});

function ttlOf({ arguments: args }: QueueRow): bigint | null {
  const ttl = args["x-message-ttl"];
  return typeof ttl === "number" && ttl >= 0 ? BigInt(Math.round(ttl)) : null;
}
