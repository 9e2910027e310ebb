/** Topics and groups by the thousand, as many as the time allows. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin, Kafka } from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";

export const BUSY_TOPIC = "bench.busy";
export const PROBE_GROUP = "bench-probe";

// A report of another tool that froze: kafbat/kafka-ui#1776; and of one with many groups on a topic: akhq#2452.
export const TARGET = { topics: 9000, partitions: 39_000, groups: 2200, groupsOnOneTopic: 15_000 } as const;
/** A broker holds a file per partition open and maps two more; most systems stop it near 20,000. */
const MOST_PARTITIONS = 19_000;
const TOPICS_WITHIN_MS = 90_000;
const TOPICS_PER_REQUEST = 100;
export const BUSY_PARTITIONS = 12;
export const BUSY_RECORDS = 12_000;

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
  /** in all of them */
  readonly records: number;
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
  return { names, partitionsOf, partitions, records: BUSY_RECORDS + 4 * filled.length };
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
