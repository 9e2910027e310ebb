import { setTimeout as sleep } from "node:timers/promises";
import kafkajs, { type Kafka } from "kafkajs";
import { registerCodecs } from "./codecs.ts";
import { haveLeaders } from "./leaders.ts";

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

/** Creates the topics that do not exist yet; the first service to start creates all of them. */
export async function ensureTopics(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = Object.entries(TOPICS)
      .filter(([topic]) => !existing.has(topic))
      .map(([topic, numPartitions]) => ({ topic, numPartitions, replicationFactor: 1 }));
    if (missing.length === 0) return;
    await admin.createTopics({ waitForLeaders: false, topics: missing });
    for (let tries = 0; tries < LEADER_TRIES && !(await haveLeaders(admin, missing)); tries++)
      await sleep(LEADER_PAUSE_MS);
  } finally {
    await admin.disconnect();
  }
}
