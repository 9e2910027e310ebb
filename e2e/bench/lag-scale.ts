/** Topics and groups by the thousand, as many as the time allows. */
import { Admin as PlatformaticAdmin, findCoordinatorV4, offsetCommitV8 } from "@platformatic/kafka";
import type { Admin, Kafka } from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";

export const BUSY_TOPIC = "bench.busy";
export const PROBE_GROUP = "bench-probe";

// A report of another tool that froze: kafbat/kafka-ui#1776; and of one with many groups on a topic: akhq#2452.
const TARGET = { topics: 9000, partitions: 39_000, groups: 2200, groupsOnOneTopic: 15_000 } as const;
/** A broker holds a file per partition open and maps two more; most systems stop it near 20,000. */
const MOST_PARTITIONS = 17_500;
const TOPICS_WITHIN_MS = 90_000;
const GROUPS_WITHIN_MS = 60_000;
/** a broker that still opens thousands of partitions takes its time */
const COORDINATOR_WITHIN_MS = 120_000;
const TOPICS_PER_REQUEST = 100;
const BUSY_PARTITIONS = 12;
const BUSY_RECORDS = 12_000;
const TOPICS_PER_GROUP = 4;
/**
 * Of the many groups on one topic one in so many is behind; the others have read it all, as most that only
 * stand there have.
 */
const ONE_BEHIND_IN = 10;
const AT_ONCE = 32;

export interface Scale {
  readonly topics: number;
  readonly partitions: number;
  readonly groups: number;
  readonly groupsOnOneTopic: number;
  readonly committedPartitions: number;
}

export interface Topics {
  readonly names: readonly string[];
  readonly partitionsOf: ReadonlyMap<string, number>;
  readonly partitions: number;
}

export async function fillWithTopics(brokers: readonly string[], client: Kafka, admin: Admin): Promise<Topics> {
  const inspector = openBroker(ClusterConfig.parse({ name: "bench", brokers })).openInspector();
  const partitionsOf = new Map([[BUSY_TOPIC, BUSY_PARTITIONS]]);
  await admin.createTopics({ topics: [{ topic: BUSY_TOPIC, numPartitions: BUSY_PARTITIONS }] });
  let partitions = BUSY_PARTITIONS;
  const until = performance.now() + TOPICS_WITHIN_MS;
  while (
    partitions < Math.min(TARGET.partitions, MOST_PARTITIONS) &&
    partitionsOf.size < TARGET.topics &&
    performance.now() < until
  ) {
    const more = Array.from({ length: TOPICS_PER_REQUEST }, (_, i) => ({
      topic: `bench.topic-${partitionsOf.size + i}`,
      numPartitions: i % 3 === 0 ? 5 : 4,
    }));
    await admin.createTopics({ topics: more, waitForLeaders: false, timeout: 60_000 });
    await untilOpen(
      inspector,
      more.map(({ topic }) => topic),
    );
    for (const { topic, numPartitions } of more) {
      partitionsOf.set(topic, numPartitions);
      partitions += numPartitions;
    }
  }
  await inspector.close();
  const names = [...partitionsOf.keys()];
  const producer = client.producer({ allowAutoTopicCreation: false, retry: { retries: 30 } });
  await producer.connect();
  await producer.send({
    topic: BUSY_TOPIC,
    acks: 1,
    messages: Array.from({ length: BUSY_RECORDS }, (_, i) => ({
      partition: i % BUSY_PARTITIONS,
      value: "x".repeat(100),
    })),
  });
  const filled = names.slice(1, 1001);
  for (let from = 0; from < filled.length; from += 100) {
    await producer.sendBatch({
      acks: 1,
      topicMessages: filled
        .slice(from, from + 100)
        .map((topic) => ({ topic, messages: [0, 1, 2, 3].map((partition) => ({ partition, value: "x" })) })),
    });
  }
  await producer.disconnect();
  return { names, partitionsOf, partitions };
}

type Commit = Parameters<typeof offsetCommitV8.api.async>[5];

export interface Committer {
  /** as one who assigns itself its partitions: with no member */
  commit(group: string, topics: Commit): Promise<void>;
  close(): Promise<void>;
}

export async function openCommitter(brokers: readonly string[]): Promise<Committer> {
  const admin = new PlatformaticAdmin({
    clientId: "bench",
    bootstrapBrokers: [...brokers],
    requestTimeout: 60_000,
    maxInflights: AT_ONCE,
  });
  const [host = "", port = ""] = (brokers[0] ?? "").split(":");
  const connection = () => admin.connections.get({ host, port: Number(port) });
  return {
    commit: async (group, topics) => {
      for (const until = performance.now() + COORDINATOR_WITHIN_MS; ; ) {
        try {
          await offsetCommitV8.api.async(await connection(), group, -1, "", null, topics);
          return;
        } catch (error) {
          if (performance.now() > until) throw error;
          // The first question makes the broker create the commit log; until it has there is no coordinator.
          await findCoordinatorV4.api.async(await connection(), 0, [group]).catch(() => undefined);
          await sleep(200);
        }
      }
    },
    close: () => admin.close(),
  };
}

export interface Groups {
  readonly names: readonly string[];
  readonly ordinary: number;
  readonly onOneTopic: number;
  /** partitions that groups have committed, all together */
  readonly commits: number;
}

/**
 * Groups in proportion to the topics there are, each on a few of them, and then as many on the busy topic as
 * there is time for.
 */
export async function fillWithGroups(
  brokers: readonly string[],
  { names, partitionsOf, partitions }: Topics,
): Promise<Groups> {
  const committer = await openCommitter(brokers);
  const deadline = performance.now() + GROUPS_WITHIN_MS;
  const made: string[] = [];
  let commits = 0;
  const offsetsOf = (topic: string, offset = 0n): Commit[number] => ({
    name: topic,
    partitions: Array.from({ length: partitionsOf.get(topic) ?? 0 }, (_, partitionIndex) => ({
      partitionIndex,
      committedOffset: offset,
      committedLeaderEpoch: -1,
    })),
  });
  const make = async (
    count: number,
    nameOf: (n: number) => string,
    topicsOf: (n: number) => Commit,
  ): Promise<number> => {
    let next = 0;
    const worker = async () => {
      for (let n = next++; n < count && performance.now() < deadline; n = next++) {
        const topics = topicsOf(n);
        await committer.commit(nameOf(n), topics);
        made.push(nameOf(n));
        commits += topics.reduce((sum, topic) => sum + topic.partitions.length, 0);
      }
    };
    const before = made.length;
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return made.length - before;
  };
  await committer.commit(PROBE_GROUP, [
    { name: BUSY_TOPIC, partitions: [{ partitionIndex: 0, committedOffset: 0n, committedLeaderEpoch: -1 }] },
  ]);
  const others = names.slice(1);
  const ordinary = await make(
    Math.round((TARGET.groups * partitions) / TARGET.partitions),
    (n) => `bench-group-${n}`,
    (n) =>
      Array.from({ length: TOPICS_PER_GROUP }, (_, i) =>
        offsetsOf(others[(n * TOPICS_PER_GROUP + i) % others.length] ?? BUSY_TOPIC),
      ),
  );
  const onOneTopic = await make(
    TARGET.groupsOnOneTopic,
    (n) => `bench-busy-${n}`,
    (n) => [offsetsOf(BUSY_TOPIC, n % ONE_BEHIND_IN === 0 ? 0n : BigInt(BUSY_RECORDS / BUSY_PARTITIONS))],
  );
  await committer.close();
  return { names: made, ordinary, onOneTopic, commits };
}

/** A broker takes topics faster than it opens them. */
async function untilOpen(inspector: LogInspector, names: readonly string[]): Promise<void> {
  const wanted = new Set(names);
  for (;;) {
    const there = (await inspector.destinations()).filter(({ name: topic }) => wanted.has(topic));
    const refs = there.flatMap(({ name: topic, partitions }) =>
      partitions.map(({ partition }) => ({ topic, partition })),
    );
    if (there.length === names.length && (await inspector.logOffsets(refs)).length === refs.length) return;
    await sleep(200);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
