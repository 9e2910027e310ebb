/** The services of the saga as running consumers and producers. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage, Producer } from "kafkajs";
import { ORDERS, outcomeOf, SAGA, type SagaService } from "./publishers-saga.ts";

export interface SagaOptions {
  /** of its topics and groups */
  readonly prefix: string;
  /**
   * Each service publishes what follows from a batch and commits its offsets in one transaction; else its producer is
   * idempotent, as Java's are by default, and its consumer commits by itself.
   */
  readonly inTransactions: boolean;
  readonly random: () => number;
}

export interface RunningSaga {
  /** how many events were published */
  readonly published: number;
  /** why a service does not go on; null while all do */
  readonly fault: string | null;
  createOrders(): Promise<void>;
  stop(): Promise<void>;
}

type Send = (record: ReturnType<typeof recordOf>) => Promise<unknown>;

const recordOf = (topic: string, type: string, n: number, trace: string) => ({
  topic,
  messages: [
    {
      key: `order-${n}`,
      value: JSON.stringify({ n }),
      headers: { traceparent: `00-${trace}-${randomBytes(8).toString("hex")}-01`, ce_type: type },
    },
  ],
});

export async function startSaga(client: Kafka, { prefix, inTransactions, random }: SagaOptions): Promise<RunningSaga> {
  let published = 0;
  let fault: string | null = null;
  const consumers: Consumer[] = [];
  const producers: Producer[] = [];
  const openProducer = async (transactionalId?: string): Promise<Producer> => {
    const producer = client.producer({
      allowAutoTopicCreation: false,
      idempotent: true,
      maxInFlightRequests: 1,
      // A transaction can begin only when the broker has completed the one before.
      retry: { initialRetryTime: 10, maxRetryTime: 200, retries: 200 },
      ...(transactionalId !== undefined && { transactionalId }),
    });
    producers.push(producer);
    await producer.connect();
    return producer;
  };
  const handle = async (service: SagaService, message: KafkaMessage, send: Send): Promise<void> => {
    const { n } = JSON.parse(message.value?.toString() ?? "{}") as { n: number };
    const next = service.publishes(String(message.headers?.["ce_type"] ?? ""), outcomeOf(n));
    await sleep(random() * 10);
    if (next === null) return;
    const trace = String(message.headers?.["traceparent"] ?? "").slice(3, 35);
    await send(recordOf(prefix + service.topic, next, n, trace));
    published++;
  };
  const handleInTransaction = async (
    service: SagaService,
    producer: Producer,
    payload: EachBatchPayload,
  ): Promise<void> => {
    const { batch } = payload;
    const transaction = await producer.transaction();
    try {
      for (const message of batch.messages) {
        await handle(service, message, (record) => transaction.send(record));
        await payload.heartbeat();
      }
      const { topic, partition } = batch;
      const offset = String(BigInt(batch.lastOffset()) + 1n);
      await transaction.sendOffsets({
        consumerGroupId: prefix + service.group,
        topics: [{ topic, partitions: [{ partition, offset }] }],
      });
      await transaction.commit();
    } catch (error) {
      await transaction.abort();
      throw error;
    }
  };
  const start = async (service: SagaService): Promise<void> => {
    const isTransactional = inTransactions && service.topic !== "";
    const producer = await openProducer(isTransactional ? `${prefix}${service.name}-0` : undefined);
    const consumer = client.consumer({ groupId: prefix + service.group, maxWaitTimeInMs: 20 });
    consumers.push(consumer);
    consumer.on("consumer.crash", ({ payload }) => {
      if (!payload.restart) fault = `${service.name}: ${payload.error.message}`;
    });
    await consumer.connect();
    await consumer.subscribe({ topics: service.reads.map((topic) => prefix + topic), fromBeginning: true });
    await consumer.run(
      isTransactional
        ? { autoCommit: false, eachBatch: (payload) => handleInTransaction(service, producer, payload) }
        : { eachMessage: ({ message }) => handle(service, message, (record) => producer.send(record)) },
    );
  };
  await Promise.all(SAGA.map(start));
  const shop = await openProducer();
  return {
    get published() {
      return published;
    },
    get fault() {
      return fault;
    },
    createOrders: async () => {
      for (let n = 0; n < ORDERS; n++) {
        await shop.send(recordOf(`${prefix}orders`, "OrderCreated", n, randomBytes(16).toString("hex")));
        published++;
        await sleep(60);
      }
    },
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.disconnect().catch(() => undefined)));
      await Promise.all(producers.map((producer) => producer.disconnect().catch(() => undefined)));
    },
  };
}
