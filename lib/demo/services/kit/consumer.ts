import { context } from "@opentelemetry/api";
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage, TopicPartitionOffset } from "kafkajs";
import type { Counts } from "./counts.ts";
import { readEvent, type ShopEvent } from "./event.ts";
import type { Topic } from "./kafka.ts";
import { extractContext } from "./tracing.ts";

const COMMIT_EVERY_MS = 200;
const RETRY_AFTER_MS = 1_000;
const MAX_CONCURRENT = 50;
const NOTHING = Promise.resolve();

/**
 * A promise: resolves when the event is processed. `ignored`: there was nothing to do. `retry`: the event stays at the
 * head of its partition and is delivered again; other partitions continue.
 */
export type Handled = Promise<void> | "ignored" | "retry";
export interface Received {
  readonly event: ShopEvent;
  readonly message: KafkaMessage;
  readonly partition: number;
}

export interface ConsumerOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly Topic[];
  readonly counts: Counts;
  /** Called in partition order, possibly before the promise of the previous event has resolved. */
  readonly handle: (received: Received) => Handled;
  /** the most events of a partition processed at the same time; called for every chunk (default 50) */
  readonly maxConcurrent?: () => number;
}

/** the offset that may be committed, by topic and partition */
type Done = Map<string, TopicPartitionOffset>;

export interface RunningConsumer {
  stop(): Promise<void>;
}

/** Processes the events of each partition in order, and commits a few times a second. */
export async function consume(options: ConsumerOptions): Promise<RunningConsumer> {
  const consumer = options.kafka.consumer({
    groupId: options.groupId,
    sessionTimeout: 12_000,
    heartbeatInterval: 2_000,
    // Fetch several events at once to save CPU; a delay of 200 ms does not matter here.
    minBytes: 128 * 1024,
    maxWaitTimeInMs: 200,
    allowAutoTopicCreation: false,
    retry: { retries: 12, initialRetryTime: 300, maxRetryTime: 5_000, restartOnFailure: async () => true },
  });
  const done: Done = new Map();
  const inProgress = new Set<Promise<void>>();
  let stopping = false;
  // Offsets of an earlier assignment must not overwrite commits of the new owner of a partition.
  consumer.on(consumer.events.GROUP_JOIN, () => done.clear());
  await consumer.connect();
  await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 3,
    eachBatch: async (payload) => {
      const work = handleBatch(options, payload, done, () => stopping);
      inProgress.add(work);
      await work.finally(() => inProgress.delete(work));
    },
  });
  const timer = setInterval(() => void commit(consumer, done), COMMIT_EVERY_MS);
  return {
    async stop() {
      // After disconnecting, KafkaJS cannot commit: first finish the events in progress and commit.
      stopping = true;
      clearInterval(timer);
      await Promise.allSettled(inProgress);
      await commit(consumer, done);
      await consumer.disconnect();
    },
  };
}

async function handleBatch(
  options: ConsumerOptions,
  payload: EachBatchPayload,
  done: Done,
  isStopping: () => boolean,
): Promise<void> {
  const { topic, partition, messages } = payload.batch;
  for (let at = 0; at < messages.length; ) {
    if (isStopping() || !payload.isRunning() || payload.isStale()) return;
    const work: Promise<void>[] = [];
    const chunk = messages.slice(at, at + (options.maxConcurrent?.() ?? MAX_CONCURRENT));
    for (const message of chunk) {
      const event = readEvent(topic, message);
      const handled = context.with(extractContext(event.headers), () => options.handle({ event, message, partition }));
      if (handled === "retry") break;
      work.push(handled === "ignored" ? NOTHING : handled);
    }
    await Promise.all(work);
    const last = chunk[work.length - 1];
    if (last !== undefined) {
      payload.resolveOffset(last.offset);
      done.set(`${topic}/${partition}`, { topic, partition, offset: String(BigInt(last.offset) + 1n) });
      options.counts.processed(topic, work.length);
    }
    if (work.length < chunk.length) {
      setTimeout(payload.pause(), RETRY_AFTER_MS);
      return;
    }
    at += chunk.length;
    await payload.heartbeat();
  }
}

async function commit(consumer: Consumer, done: Done): Promise<void> {
  if (done.size === 0) return;
  const offsets = [...done.values()];
  done.clear();
  try {
    await consumer.commitOffsets(offsets);
  } catch (error) {
    // During a rebalance or without a broker: the events are delivered again, or the next commit includes them.
    console.warn(`commit of ${offsets.length} partitions failed: ${(error as Error).message}`);
    for (const offset of offsets) {
      const key = `${offset.topic}/${offset.partition}`;
      if (!done.has(key)) done.set(key, offset);
    }
  }
}
