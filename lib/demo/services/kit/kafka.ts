import { setTimeout as sleep } from "node:timers/promises";
import kafkajs, { type Admin, type Kafka } from "kafkajs";
import { registerCodecs } from "./codecs.ts";

/** Every topic of the shop, with its number of partitions. */
export const TOPICS = {
  "customer.events": 3,
  orders: 6,
  payments: 6,
  inventory: 3,
  shipping: 3,
  notifications: 3,
  "orders-dlt": 6,
} as const;
export type Topic = keyof typeof TOPICS;

export function connectKafka(clientId: string, brokers: string[]): Kafka {
  registerCodecs();
  return new kafkajs.Kafka({
    clientId,
    brokers,
    logLevel: kafkajs.logLevel.ERROR,
    retry: { retries: 12, initialRetryTime: 200, maxRetryTime: 5_000 },
  });
}

const LEADER_TRIES = 100;
const LEADER_PAUSE_MS = 100;

const haveLeaders = (admin: Admin, topics: string[]): Promise<boolean> =>
  admin.fetchTopicMetadata({ topics }).then(
    (found) => found.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0)),
    () => false,
  );

/** Creates the topics that do not exist yet; the first service to start creates all of them. */
export async function ensureTopics(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = Object.entries(TOPICS).filter(([topic]) => !existing.has(topic));
    if (missing.length === 0) return;
    await admin.createTopics({
      // KafkaJS's own waiting fails at the first broker that has not heard of a topic yet.
      waitForLeaders: false,
      topics: missing.map(([topic, numPartitions]) => ({ topic, numPartitions, replicationFactor: 1 })),
    });
    const names = missing.map(([topic]) => topic);
    for (let tries = 0; tries < LEADER_TRIES && !(await haveLeaders(admin, names)); tries++)
      await sleep(LEADER_PAUSE_MS);
  } finally {
    await admin.disconnect();
  }
}
