/**
 * What the tap's system tests share: a broker and a database of their own, a producer, and the comparison that counts.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Kafka, Producer } from "kafkajs";
import type pg from "pg";
import type { RunningKafka } from "#lib/demo/stack/kafka.ts";
import type { RunningPostgres } from "#lib/demo/stack/postgres.ts";
import { createTopicOn } from "#e2e/stack/create-topic.ts";
import { prepareFlowtap, type Flowtap, type FlowtapOptions } from "#e2e/stack/flowtap.ts";
import { openTestKafka } from "#e2e/stack/kafka-client.ts";
import { openPool, startBoth, startKafka, startPostgres } from "#e2e/stack/stack.ts";

export interface TapStage {
  readonly kafka: RunningKafka;
  readonly postgres: RunningPostgres;
  readonly flowtap: Flowtap;
  readonly client: Kafka;
  readonly producer: Producer;
  readonly pool: pg.Pool;
  createTopic(topic: string, partitions: number): Promise<void>;
  close(): Promise<void>;
}

interface TapStageOptions extends Pick<FlowtapOptions, "config" | "cluster"> {
  readonly kafka?: Parameters<typeof startKafka>[0];
  /** of the broker's listeners the one that the tap uses; the test's own clients use the plain one */
  readonly listener?: string;
}

export async function openTapStage({ kafka: options, listener, ...config }: TapStageOptions = {}): Promise<TapStage> {
  const [kafka, postgres] = await startBoth(startKafka(options), startPostgres());
  const brokers = listener === undefined ? kafka.brokers : [kafka.listeners[listener] ?? ""];
  const flowtap = await prepareFlowtap({ databaseUrl: postgres.url, brokers, ...config });
  const client = openTestKafka(kafka.brokers);
  const producer = client.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const pool = openPool(postgres.url, 2);
  return {
    kafka,
    postgres,
    flowtap,
    client,
    producer,
    pool,
    createTopic: async (topic, numPartitions) => {
      const admin = client.admin();
      await admin.connect();
      await createTopicOn(admin, topic, numPartitions);
      await admin.disconnect();
    },
    close: async () => {
      await producer.disconnect().catch(() => undefined);
      await pool.end();
      await flowtap.stop();
      await Promise.all([kafka.stop(), postgres.stop()]);
    },
  };
}

export async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    if (await holds().catch(() => false)) return;
    assert.ok(Date.now() < deadline, `not within ${withinMs} ms: ${what}`);
    await sleep(100);
  }
}

/** Every offset of a topic as the broker holds it, as "partition offset". */
async function readTopic(stage: TapStage, topic: string): Promise<string[]> {
  const admin = stage.client.admin();
  await admin.connect();
  const ends = new Map(
    (await admin.fetchTopicOffsets(topic)).map(({ partition, high, low }) => [
      partition,
      { next: BigInt(low), high: BigInt(high) },
    ]),
  );
  await admin.disconnect();
  const consumer = stage.client.consumer({ groupId: `reader-${Date.now()}`, maxWaitTimeInMs: 100 });
  const found: string[] = [];
  const left = () => [...ends.values()].some(({ next, high }) => next < high);
  const done = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  if (!left()) done.resolve();
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      for (const { offset } of batch.messages) found.push(`${batch.partition} ${offset}`);
      const at = ends.get(batch.partition);
      if (at !== undefined) at.next = BigInt(batch.lastOffset()) + 1n;
      if (!left()) done.resolve();
      return Promise.resolve();
    },
  });
  await done.promise;
  await consumer.disconnect();
  return found.sort();
}

/** Every event of a topic in Flowtap's index, as "partition offset"; duplicates are kept. */
export async function readIndex(stage: Pick<TapStage, "pool">, topic: string): Promise<string[]> {
  const { rows } = await stage.pool.query<{ partition: string }>(
    `
      SELECT partition || ' ' || position AS partition
      FROM events e
      JOIN destinations d ON d.id = e.destination_id
      WHERE d.name = $1`,
    [topic],
  );
  return rows.map(({ partition }) => partition).sort();
}

export async function countIndex(stage: Pick<TapStage, "pool">, topic: string): Promise<number> {
  const { rows } = await stage.pool.query<{ n: string }>(
    "SELECT count(*) AS n FROM events e JOIN destinations d ON d.id = e.destination_id WHERE d.name = $1",
    [topic],
  );
  return Number(rows[0]?.n);
}

/** Nothing is lost, doubled or invented. */
export async function assertIndexEqualsTopic(stage: TapStage, topic: string, withinMs: number): Promise<void> {
  const inTopic = await readTopic(stage, topic);
  await until(
    `${inTopic.length} events of ${topic} indexed`,
    withinMs,
    async () => (await countIndex(stage, topic)) >= inTopic.length,
  );
  const indexed = await readIndex(stage, topic);
  assert.equal(indexed.length, inTopic.length, "as many events as records");
  assert.deepEqual(indexed, inTopic);
}
