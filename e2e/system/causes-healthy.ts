/** Healthy groups of different kinds: busy, idle and bursty. */
import { setInterval as every } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import type { Scenario } from "./causes-service.ts";
import { SHOP, type CausesWorld } from "./causes-world.ts";
import { PATIENT, startKafkaJs } from "./consumers/kafkajs-consumer.ts";
import { startNextProtocol } from "./consumers/next-protocol-consumer.ts";
import { takes, type RunningConsumer } from "./consumers/work.ts";

const nothing = () => Promise.resolve();

export function healthy(world: CausesWorld): Scenario[] {
  const { brokers, traffic } = world;
  const running: RunningConsumer[] = [];
  const ended = new AbortController();
  const kept = (
    group: string,
    partitions: number,
    what: string,
    prepare: () => Promise<void>,
    feed: () => Promise<void> = nothing,
  ): Scenario => ({
    what,
    cluster: SHOP,
    group,
    partitions,
    cause: null,
    prepare,
    feed,
    spoil: nothing,
    mend: nothing,
    stop: nothing,
  });

  const busy = kept(
    "clicks",
    4,
    "busy: two members of the new protocol, 60 events a second",
    async () => {
      for (const clientId of ["clicks-1", "clicks-2"])
        running.push(await startNextProtocol({ brokers, group: "clicks", topic: "clicks", clientId, work: takes(1) }));
    },
    () => Promise.resolve(traffic.set({ topic: "clicks", perSecond: 60 })),
  );

  const idle = kept("holidays", 1, "idle: nothing comes, and the last that came was a transaction", async () => {
    const producer = new Kafka({
      clientId: "calendar",
      brokers: [...brokers],
      logLevel: logLevel.NOTHING,
      retry: PATIENT,
    }).producer({ transactionalId: "calendar", idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({
      topic: "holidays",
      messages: Array.from({ length: 50 }, (_, n) => ({ value: `{"n":${n}}` })),
    });
    await transaction.commit();
    await producer.disconnect();
    running.push(await startKafkaJs({ brokers, group: "holidays", topic: "holidays", work: takes(2) }));
  });

  const bursty = kept(
    "batches",
    2,
    "bursty: 200 events at once every 20 seconds, worked off in a few",
    async () => {
      running.push(
        await startKafkaJs({ brokers, group: "batches", topic: "batches", work: takes(20), concurrency: 2 }),
      );
    },
    async () => {
      const burst = () =>
        traffic.send(
          "batches",
          Array.from({ length: 200 }, (_, n) => ({ partition: n % 2, value: `{"n":${n}}` })),
        );
      await burst();
      void (async () => {
        try {
          for await (const _ of every(20_000, undefined, { signal: ended.signal })) await burst();
        } catch (error) {
          if (!ended.signal.aborted) throw error;
        }
      })();
    },
  );
  const stop = async () => {
    ended.abort();
    await Promise.all(running.map((consumer) => consumer.stop()));
  };
  return [{ ...busy, stop }, idle, bursty];
}
