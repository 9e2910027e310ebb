/** A broker with a reader and a producer, and the steps that the tests of reading and publishing share. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs from "kafkajs";
import type { LogBroker } from "#lib/brokers/ports/broker.ts";
import type { OutgoingRecord } from "#lib/brokers/ports/publisher.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import { openBroker } from "#lib/brokers/open.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { openTestKafka } from "#e2e/stack/kafka-client.ts";
import { startKafka } from "#e2e/stack/stack.ts";
import { createTopicOn } from "#e2e/stack/create-topic.ts";

export const LIMITS = { maxRecords: 1000, maxBytes: 10_000_000, timeoutMs: 10_000 };
export const text = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString();

export type BrokerStage = Awaited<ReturnType<typeof openBrokerStage>>;

export async function openBrokerStage() {
  const running = await startKafka();
  const broker: LogBroker = openBroker(ClusterConfig.parse({ name: "test", brokers: running.brokers }));
  const kafka = openTestKafka(running.brokers);
  const reader: Reader = broker.openReader();
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  let topics = 0;

  const aTopic = async (partitions = 1, settings: Record<string, string> = {}): Promise<string> => {
    const topic = `t${++topics}`;
    const admin = kafka.admin();
    await createTopicOn(admin, topic, partitions, settings);
    await admin.disconnect();
    return topic;
  };
  const aRecord = (topic: string, value: string, partition: number | null = 0): OutgoingRecord => ({
    topic,
    partition,
    key: Buffer.from("k"),
    value: Buffer.from(value),
    headers: [],
  });
  const valuesOf = async (topic: string, partition = 0, from = 0n) =>
    (await reader.read({ topic, partition }, from, LIMITS)).records.map((record) => text(record.value));
  /** A commit is answered before its markers are written: what it made visible comes a moment later. */
  const stretchWhenSettled = async (topic: string, partition: number, from: bigint, records: number) => {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const stretch = await reader.read({ topic, partition }, from, LIMITS);
      if (stretch.records.length >= records || Date.now() > deadline) return stretch;
      await sleep(50);
    }
  };
  const valuesWhenSettled = async (topic: string, expected: readonly string[], partition = 0, from = 0n) => {
    const { records } = await stretchWhenSettled(topic, partition, from, expected.length);
    assert.deepEqual(
      records.map((record) => text(record.value)),
      expected,
    );
  };
  const stop = async () => {
    await reader.close();
    await producer.disconnect();
    await running.stop();
  };
  return { broker, kafka, reader, producer, aTopic, aRecord, valuesOf, stretchWhenSettled, valuesWhenSettled, stop };
}
