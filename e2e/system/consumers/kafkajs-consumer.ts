/** Services on KafkaJS, the classic protocol's. */
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel, type Consumer, type RetryOptions } from "kafkajs";
import type { RunningConsumer, Work } from "./work.ts";

/** Comes back by itself from whatever happens to the broker. */
export const PATIENT: RetryOptions = { retries: 100_000, initialRetryTime: 200, maxRetryTime: 1000 };
/** KafkaJS's default: give up after a few tries, leave the group and join it again. */
export const AS_DELIVERED: RetryOptions = {};

export interface KafkaJsOptions {
  readonly brokers: readonly string[];
  readonly group: string;
  readonly topic: string;
  readonly clientId?: string;
  readonly retry?: RetryOptions;
  readonly work: Work;
  /** partitions worked on at once, 1 as KafkaJS has it */
  readonly concurrency?: number;
  /** false: reads and never commits */
  readonly commits?: boolean;
}

async function join({ brokers, group, topic, clientId = group, retry = PATIENT }: KafkaJsOptions): Promise<Consumer> {
  const consumer = new Kafka({ clientId, brokers: [...brokers], logLevel: logLevel.NOTHING, retry: PATIENT }).consumer({
    groupId: group,
    heartbeatInterval: 500,
    maxWaitTimeInMs: 250,
    retry,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  return consumer;
}

/** Works its records off one by one and commits once a second. */
export async function startKafkaJs(options: KafkaJsOptions): Promise<RunningConsumer> {
  let { work } = options;
  const consumer = await join(options);
  const commits = options.commits === false ? { autoCommit: false } : { autoCommitInterval: 1000 };
  await consumer.run({
    ...commits,
    partitionsConsumedConcurrently: options.concurrency ?? 1,
    eachMessage: (payload) =>
      work({
        partition: payload.partition,
        offset: BigInt(payload.message.offset),
        heartbeat: () => payload.heartbeat(),
      }),
  });
  return { setWork: (other) => (work = other), stop: () => consumer.disconnect() };
}

const PAUSE_AFTER_FAILURE_MS = 1000;

/** Commits what it takes before it is done with it, and goes back to what failed. */
export async function startRewindingKafkaJs(options: KafkaJsOptions): Promise<RunningConsumer> {
  let { work } = options;
  const { topic } = options;
  const consumer = await join(options);
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: options.concurrency ?? 1,
    eachBatch: async (payload) => {
      const { partition, messages } = payload.batch;
      const last = messages.at(-1);
      if (last === undefined) return;
      await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(last.offset) + 1n) }]);
      for (const { offset } of messages) {
        try {
          await work({ partition, offset: BigInt(offset), heartbeat: () => payload.heartbeat() });
        } catch {
          await consumer.commitOffsets([{ topic, partition, offset }]);
          consumer.seek({ topic, partition, offset });
          await sleep(PAUSE_AFTER_FAILURE_MS);
          return;
        }
      }
    },
  });
  return { setWork: (other) => (work = other), stop: () => consumer.disconnect() };
}

/**
 * Joins, stays for a second and a half, leaves, and begins again: a process that is killed and started over and over.
 */
export function startComingAndGoing(options: Omit<KafkaJsOptions, "work">): { stop(): Promise<void> } {
  const ended = new AbortController();
  const oneLife = async (): Promise<void> => {
    const leaving = AbortSignal.any([ended.signal, AbortSignal.timeout(1500)]);
    const untilLeaving: Work = async ({ heartbeat }) => {
      while (!leaving.aborted) {
        await heartbeat();
        await sleep(100);
      }
      throw new Error("killed");
    };
    const consumer = await startKafkaJs({ ...options, work: untilLeaving });
    while (!leaving.aborted) await sleep(50);
    await consumer.stop();
  };
  const lives = (async () => {
    while (!ended.signal.aborted) await oneLife();
  })();
  return {
    stop: async () => {
      ended.abort();
      await lives;
    },
  };
}
