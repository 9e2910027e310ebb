import { CompressionTypes } from "kafkajs";
import { openTestKafka } from "#e2e/stack/kafka-client.ts";
import { startKafka } from "#e2e/stack/stack.ts";
import { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { describeLogBroker } from "../contract/log-broker.ts";
import type { World } from "../contract/world.ts";
import type { LogBroker } from "../ports/broker.ts";
import { openKafka } from "./broker.ts";
import { MAX_DECOMPRESSED_BYTES } from "./fetch/committed-records.ts";

const asBuffer = (bytes: Uint8Array | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));

async function openKafkaWorld(): Promise<World<LogBroker>> {
  const kafka = await startKafka();
  const client = openTestKafka(kafka.brokers);
  // Idempotent: a retry after an error of one partition must not append the other partitions' records twice.
  const producer = client.producer({ allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1 });
  const admin = client.admin();
  await Promise.all([producer.connect(), admin.connect()]);
  let topics = 0;
  return {
    broker: openKafka(KafkaClusterConfig.parse({ name: "test", brokers: kafka.brokers })),
    createDestination: async (numPartitions) => {
      const topic = `t${++topics}`;
      await admin.createTopics({ topics: [{ topic, numPartitions }] });
      return topic;
    },
    publish: async (topic, messages) => {
      const ours = messages.map(({ partition, key, value, headers }) => {
        const byName: Record<string, Buffer[]> = {};
        for (const [name, bytes] of headers) (byName[name] ??= []).push(asBuffer(bytes) ?? Buffer.alloc(0));
        return { partition, key: asBuffer(key), value: asBuffer(value), headers: byName };
      });
      await producer.send({ topic, messages: ours, acks: -1 });
    },
    // The broker takes it for its compressed size; the adapter does not decompress that much.
    publishUnreadable: async (topic, partition) => {
      const messages = [{ partition, value: Buffer.alloc(MAX_DECOMPRESSED_BYTES + 1) }];
      await producer.send({ topic, messages, compression: CompressionTypes.GZIP, acks: -1 });
    },
    consume: async (topic, groupId, messages) => {
      const consumer = client.consumer({ groupId, sessionTimeout: 6000, maxWaitTimeInMs: 100 });
      const done = Promise.withResolvers<void>();
      let left = messages;
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          const offset = String(BigInt(message.offset) + 1n);
          await consumer.commitOffsets([{ topic, partition, offset }]);
          if (--left === 0) done.resolve();
        },
      });
      await done.promise;
      return { stop: () => consumer.disconnect() };
    },
    kill: () => kafka.kill9(),
    restart: () => kafka.restart(),
    close: async () => {
      await Promise.allSettled([producer.disconnect(), admin.disconnect()]);
      await kafka.stop();
    },
  };
}

describeLogBroker("Kafka", openKafkaWorld);
