/**
 * A service that keeps the truth about its own time lag: what it produced and when, and what it had committed
 * when. One partition.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel, type Producer } from "kafkajs";
import { PATIENT } from "./kafkajs-consumer.ts";

export interface ClockedService {
  readonly group: string;
  produce(count: number, keyOf?: (n: number) => string): Promise<void>;
  /** how long each event takes from now on */
  setPace(msPerEvent: number): void;
  /** everything consumed, by its own account, in order */
  consumed(): readonly { readonly offset: bigint; readonly producedAtMs: number }[];
  /**
   * The truths about the age of the event at the head, as of `atMs`: for every commit that held within `blurMs` before,
   * and for what had been produced at either end of that time. 0 where nothing waited.
   */
  timeLagsAt(atMs: number, blurMs: number): number[];
  stop(): Promise<void>;
}

const COMMIT_EVERY_MS = 300;

export async function startClocked(
  brokers: readonly string[],
  group: string,
  producer: Producer,
): Promise<ClockedService> {
  const produced: { offset: bigint; atMs: number }[] = [];
  const commits: { offset: bigint; atMs: number }[] = [{ offset: 0n, atMs: 0 }];
  const consumed: { offset: bigint; producedAtMs: number }[] = [];
  let pace = 0;
  let sent = 0;
  const consumer = new Kafka({
    clientId: group,
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry: PATIENT,
  }).consumer({ groupId: group, maxWaitTimeInMs: 100, heartbeatInterval: 500 });
  await consumer.connect();
  await consumer.subscribe({ topic: group, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async (payload) => {
      const { batch } = payload;
      let committedMs = Date.now();
      for (const [i, { offset, timestamp }] of batch.messages.entries()) {
        if (!payload.isRunning()) return;
        await sleep(pace);
        consumed.push({ offset: BigInt(offset), producedAtMs: Number(timestamp) });
        if (i < batch.messages.length - 1 && Date.now() - committedMs < COMMIT_EVERY_MS) continue;
        const next = BigInt(offset) + 1n;
        await consumer.commitOffsets([{ topic: group, partition: 0, offset: String(next) }]);
        committedMs = Date.now();
        commits.push({ offset: next, atMs: committedMs });
        await payload.heartbeat();
      }
    },
  });
  const headOf = (committed: bigint, untilMs: number) =>
    produced.find(({ offset, atMs }) => offset >= committed && atMs <= untilMs);
  return {
    group,
    produce: async (count, keyOf = (n) => `k-${n}`) => {
      const atMs = Date.now();
      const [reported] = await producer.send({
        topic: group,
        messages: Array.from({ length: count }, () => ({
          partition: 0,
          key: keyOf(sent++),
          value: `{"n":${sent}}`,
          timestamp: String(atMs),
        })),
      });
      const base = BigInt(reported?.baseOffset ?? 0);
      for (let i = 0; i < count; i++) produced.push({ offset: base + BigInt(i), atMs });
    },
    setPace: (msPerEvent) => void (pace = msPerEvent),
    consumed: () => consumed,
    timeLagsAt: (atMs, blurMs) => {
      const held = commits.filter(
        (commit, i) => commit.atMs <= atMs && (commits[i + 1]?.atMs ?? Infinity) > atMs - blurMs,
      );
      return held.flatMap(({ offset }) =>
        [atMs - blurMs, atMs].map((untilMs) => {
          const head = headOf(offset, untilMs);
          return head === undefined ? 0 : atMs - head.atMs;
        }),
      );
    },
    stop: () => consumer.disconnect(),
  };
}
