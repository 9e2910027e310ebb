import { context } from "@opentelemetry/api";
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage, TopicPartitionOffset } from "kafkajs";
import type { Counts } from "./counts.ts";
import { readEvent, type ShopEvent } from "./event.ts";
import type { Topic } from "./kafka.ts";
import { extractContext } from "./tracing.ts";

const COMMIT_EVERY_MS = 200;
const RETRY_AFTER_MS = 1_000;
const AT_ONCE = 50;
const NOTHING = Promise.resolve();

/**
 * A promise: the event is being worked on, and done when it resolves. `ignored`: there was nothing to do.
 * `retry`: the event stays at the head of its partition and comes again; the other partitions go on.
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
  /** Called in the order of the partition; the next one may be called before this one's promise resolves. */
  readonly handle: (received: Received) => Handled;
  /** how many events of a partition are worked on at once, asked anew each time (default 50) */
  readonly atOnce?: () => number;
}

/** per topic and partition, what may be committed */
type Done = Map<string, TopicPartitionOffset>;

export interface RunningConsumer {
  stop(): Promise<void>;
}

/** Handles the events of each partition in their order and commits what is done a few times a second. */
export async function consume(options: ConsumerOptions): Promise<RunningConsumer> {
  const consumer = options.kafka.consumer({
    groupId: options.groupId,
    sessionTimeout: 12_000,
    heartbeatInterval: 2_000,
    // Several events per fetch keep two small cores quiet; nobody in a shop waits for a fifth of a second.
    minBytes: 128 * 1024,
    maxWaitTimeInMs: 200,
    allowAutoTopicCreation: false,
    retry: { retries: 12, initialRetryTime: 300, maxRetryTime: 5_000, restartOnFailure: async () => true },
  });
  const done: Done = new Map();
  const underWay = new Set<Promise<void>>();
  let stopping = false;
  // Progress of an earlier assignment must not be committed over the work of whoever has the partition now.
  consumer.on(consumer.events.GROUP_JOIN, () => done.clear());
  await consumer.connect();
  await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 3,
    eachBatch: async (payload) => {
      const work = handleBatch(options, payload, done, () => stopping);
      underWay.add(work);
      await work.finally(() => underWay.delete(work));
    },
  });
  const timer = setInterval(() => void commit(consumer, done), COMMIT_EVERY_MS);
  return {
    async stop() {
      // Offsets cannot be committed once KafkaJS has stopped: finish what is under way, commit, and leave then.
      stopping = true;
      clearInterval(timer);
      await Promise.allSettled(underWay);
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
    const chunk = messages.slice(at, at + (options.atOnce?.() ?? AT_ONCE));
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
    // A rebalance or a broker away: the events come again, or the next commit covers these.
    console.warn(`commit of ${offsets.length} partitions failed: ${(error as Error).message}`);
    for (const offset of offsets) {
      const key = `${offset.topic}/${offset.partition}`;
      if (!done.has(key)) done.set(key, offset);
    }
  }
}
