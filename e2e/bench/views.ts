/**
 * `npm run bench -- views`: how long the routes behind the main pages take to answer, from the real web process over a
 * database as a system of some size fills it (views-fill.ts), one question after the other, no two for the same thing
 * where there are many. Beside each the 300 ms that an answer may take. Nothing else writes meanwhile.
 */
import { Kafka, logLevel } from "kafkajs";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { openPool, startBoth, startKafka, startPostgres } from "#e2e/stack/stack.ts";
import { quantile } from "./lag-measure.ts";
import { fill } from "./views-fill.ts";
import {
  HOT_KEY,
  hotPosition,
  LARGEST_RUN,
  orderKey,
  PARTITIONS,
  PER_PARTITION,
  positionOf,
  SCALE,
  topicName,
} from "./views-scale.ts";
import { VIEWS } from "./views-questions.ts";

const REQUESTS = 40;
const LIMIT_MS = 300;
const PER_SEND = 2000;

export async function run(report: (figure: Record<string, unknown>) => void): Promise<void> {
  const [kafka, postgres] = await startBoth(startKafka(), startPostgres());
  const pool = openPool(postgres.url, 1);
  const flowtap = await prepareFlowtap({ databaseUrl: postgres.url, brokers: kafka.brokers, logLevel: "warn" });
  try {
    await publishBodies(kafka.brokers);
    // Built before the database is filled: what the pages show as now is filled for some minutes only.
    await (await flowtap.startWeb()).stop();
    await fill(pool, Date.now());
    const { url } = await flowtap.startWeb();
    report({ name: "views.scale", ...SCALE, largestReplay: LARGEST_RUN });
    for (const [name, path] of Object.entries(VIEWS)) {
      const first = await timed(url + path(0));
      const times: number[] = [];
      let bytes = 0;
      for (let i = 1; i <= REQUESTS; i++) {
        const answer = await timed(url + path(i));
        times.push(answer.ms);
        bytes = Math.max(bytes, answer.bytes);
      }
      times.sort((a, b) => a - b);
      for (const [of, share] of [
        ["p50", 0.5],
        ["p95", 0.95],
      ] as const) {
        const value = quantile(times, share);
        report({
          name: `views.${name}.${of}`,
          value: Math.round(value * 10) / 10,
          unit: "ms",
          baseline: LIMIT_MS,
          baselineName: "the limit",
          ratio: Math.round((value / LIMIT_MS) * 100) / 100,
          requests: REQUESTS,
          first: Math.round(first.ms),
          bytes,
        });
      }
    }
  } finally {
    await pool.end();
    await flowtap.stop();
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

async function timed(url: string): Promise<{ ms: number; bytes: number }> {
  const at = performance.now();
  const response = await fetch(url);
  const { byteLength: bytes } = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return { ms: performance.now() - at, bytes };
}

/** The bodies of the hot key and of the orders that are asked for, at the offsets the index says. */
async function publishBodies(brokers: readonly string[]): Promise<void> {
  const client = new Kafka({ clientId: "bench", brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({
    topics: Array.from({ length: SCALE.topics }, (_, i) => ({ topic: topicName(1 + i), numPartitions: PARTITIONS })),
    waitForLeaders: true,
  });
  await admin.disconnect();
  const producer = client.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const ofOrders = [0, 1, 2].map(positionOf);
  for (const { destinationId, partition } of [...ofOrders, hotPosition]) {
    const isHot = destinationId === hotPosition.destinationId;
    for (let from = 0; from < PER_PARTITION; from += PER_SEND) {
      await producer.send({
        topic: topicName(destinationId),
        messages: Array.from({ length: PER_SEND }, (_, i) => ({
          partition,
          key: isHot ? HOT_KEY : orderKey(40 * (from + i)),
          value: JSON.stringify({ status: `s${(from + i) % 7}`, total: from + i, note: "x".repeat(200) }),
        })),
      });
    }
  }
  await producer.disconnect();
}
