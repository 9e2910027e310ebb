/** Transactional writing with KafkaJS, which lets a batch span topics and brokers. */
import kafkajs, { type IHeaders, type PartitionMetadata, type TopicMessages, type Transaction } from "kafkajs";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import type { Headers } from "#lib/domain/message/headers.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { partitionKey } from "../partition-key.ts";
import { BrokerFault } from "../ports/errors.ts";
import type { OutgoingRecord, Publisher } from "../ports/publisher.ts";
import { brokerFaultOf } from "./connect-fault.ts";
import { openKafkaJs } from "./connect.ts";

/**
 * Errors that sending again cannot mend. An unknown topic is one of them: the client has retried several times before
 * it gives up.
 */
const REFUSED_CONTENT: ReadonlySet<string> = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
  "CORRUPT_MESSAGE",
]);
const REFUSALS: ReadonlySet<string> = new Set([
  ...REFUSED_CONTENT,
  "POLICY_VIOLATION",
  "INVALID_TOPIC_EXCEPTION",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "TOPIC_AUTHORIZATION_FAILED",
  "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "UNSUPPORTED_COMPRESSION_TYPE",
]);

/** Rejects with `records_refused` when the broker does not let this publisher write at all. */
export async function openPublisher(cluster: ClusterConfig, transactionalId: string, log: Logger): Promise<Publisher> {
  const kafka = openKafkaJs(cluster, log);
  const producer = kafka.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  const admin = kafka.admin();
  const choosePartition = kafkajs.Partitioners.DefaultPartitioner();
  const partitionsOf = new Map<string, PartitionMetadata[]>();
  const close = async (): Promise<void> => {
    await Promise.allSettled([producer.disconnect(), admin.disconnect()]);
  };
  try {
    await Promise.all([producer.connect(), admin.connect()]);
    // Beginning a transaction fences an earlier publisher off; aborting an empty one costs no request.
    await (await producer.transaction()).abort();
  } catch (error) {
    await close();
    const fault = brokerFaultOf(error, cluster);
    throw refusalOf(error, fault.message) ?? fault;
  }

  const withPartition = async (record: OutgoingRecord): Promise<OutgoingRecord & { partition: number }> => {
    if (record.partition !== null) return { ...record, partition: record.partition };
    let partitionMetadata = partitionsOf.get(record.topic);
    if (partitionMetadata === undefined) {
      partitionMetadata = (await admin.fetchTopicMetadata({ topics: [record.topic] })).topics[0]?.partitions ?? [];
      partitionsOf.set(record.topic, partitionMetadata);
    }
    const message = { key: asBuffer(record.key), value: asBuffer(record.value) };
    return { ...record, partition: choosePartition({ topic: record.topic, partitionMetadata, message }) };
  };

  const failed = (error: unknown): never => {
    throw brokerFaultOf(error, cluster);
  };
  const refused = (error: unknown): never => {
    throw refusalOf(error) ?? brokerFaultOf(error, cluster);
  };
  return {
    close,
    publish: async (records) => {
      const placed = await Promise.all(records.map(withPartition)).catch(refused);
      const transaction = await producer.transaction().catch(failed);
      const written = await sendOnce(transaction, placed).catch(async (error: unknown) => {
        // If even the abort fails, the next publisher of this id ends the transaction. The outcome is then uncertain,
        // so it is not reported as a refusal.
        await transaction.abort().catch(failed);
        return refused(error);
      });
      await transaction.commit().catch(failed);
      return placed.map(({ topic, partition }) => {
        const offset = written.get(partitionKey({ topic, partition }));
        if (offset === undefined)
          throw new BrokerFault({ kind: "unknown" }, `the broker did not say where it wrote to ${topic}[${partition}]`);
        written.set(partitionKey({ topic, partition }), offset + 1n);
        return { partition, offset };
      });
    },
  };
}

/** First offset per `topic/partition`. The client writes one batch per partition, in the records' order. */
async function sendOnce(
  transaction: Transaction,
  records: readonly (OutgoingRecord & { partition: number })[],
): Promise<Map<string, bigint>> {
  const byTopic = new Map<string, TopicMessages>();
  for (const record of records) {
    const entry = byTopic.get(record.topic) ?? { topic: record.topic, messages: [] };
    byTopic.set(record.topic, entry);
    entry.messages.push({
      key: asBuffer(record.key),
      value: asBuffer(record.value),
      partition: record.partition,
      headers: asKafkaJsHeaders(record.headers),
    });
  }
  const sent = await transaction.sendBatch({
    topicMessages: [...byTopic.values()],
    acks: -1,
    compression: kafkajs.CompressionTypes.GZIP,
  });
  return new Map(
    sent.map(({ topicName, partition, baseOffset }) => [
      partitionKey({ topic: topicName, partition }),
      BigInt(baseOffset ?? "-1"),
    ]),
  );
}

function asBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * KafkaJS takes headers by name: headers of one name keep their order among themselves. It has no null values, so a
 * null value is sent as an empty one.
 */
function asKafkaJsHeaders(headers: Headers): IHeaders {
  // A header may have any name: an object without a prototype has no `__proto__` to overwrite.
  const byName = Object.create(null) as Record<string, Buffer[]>;
  for (const [name, value] of headers) (byName[name] ??= []).push(asBuffer(value) ?? Buffer.alloc(0));
  return byName;
}

function typeOf(error: unknown): string | null {
  for (let next: unknown = error; next instanceof Error; next = next.cause) {
    const { type } = next as Error & { type?: unknown };
    if (typeof type === "string") return type;
  }
  return null;
}

/** null: sending again may help */
function refusalOf(error: unknown, message = error instanceof Error ? error.message : ""): BrokerFault | null {
  const type = typeOf(error);
  return type !== null && REFUSALS.has(type)
    ? new BrokerFault({ kind: "records_refused", forTheirContent: REFUSED_CONTENT.has(type) }, `${type}: ${message}`, {
        cause: error,
      })
    : null;
}
