/** Troubles that come from the log: an open transaction, new partitions, and retention. */
import { Kafka, logLevel } from "kafkajs";
import { history } from "./causes-offsets.ts";
import { steady, type Scenario } from "./causes-service.ts";
import type { CausesWorld } from "./causes-world.ts";
import { startAssigned } from "./consumers/assigned-consumer.ts";
import { PATIENT } from "./consumers/kafkajs-consumer.ts";

export function openTransaction(world: CausesWorld): Scenario {
  const base = steady(world, "transfers", { partitions: 2, perSecond: 6 });
  const producer = new Kafka({
    clientId: "ledger-writer",
    brokers: [...world.brokers],
    logLevel: logLevel.NOTHING,
    retry: PATIENT,
  }).producer({
    transactionalId: "ledger-writer-7",
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: 600_000,
  });
  let finish: (() => Promise<void>) | null = null;
  const mend = async () => {
    await finish?.();
    finish = null;
  };
  return {
    ...base,
    what: "a transaction that its producer neither commits nor aborts",
    cause: "open_transaction",
    mend,
    spoil: async () => {
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic: base.group, messages: [{ partition: 0, value: "never finished" }] });
      finish = () => transaction.abort();
    },
    stop: async () => {
      await mend();
      await producer.disconnect();
      await base.stop();
    },
  };
}

export function newPartitions(world: CausesWorld): Scenario {
  const base = steady(world, "sensors", { partitions: 2, perSecond: 4, members: 0 });
  const assigned: { stop(): Promise<void> }[] = [];
  const leave = async () => void (await Promise.all(assigned.splice(0).map((one) => one.stop())));
  return {
    ...base,
    what: "new partitions that a service with partitions of its own choice does not read",
    cause: "not_consuming",
    prepare: () => {
      for (const partition of [0, 1])
        assigned.push(
          startAssigned({
            reader: world.reader,
            inspector: world.inspector,
            group: base.group,
            topic: base.group,
            partition,
          }),
        );
      return Promise.resolve();
    },
    spoil: async () => {
      await world.admin.createPartitions({ topicPartitions: [{ topic: base.group, count: 4 }] });
      world.traffic.set({ topic: base.group, perSecond: 8, partition: (n) => n % 4 });
    },
    mend: async () => {
      await leave();
      await base.startMember();
    },
    stop: async () => {
      await leave();
      await base.stop();
    },
  };
}

export function dataLost(world: CausesWorld): Scenario {
  const base = steady(world, "archives", { partitions: 1, perSecond: 0 });
  return {
    ...base,
    what: "retention that takes events before a stopped service has read them",
    cause: "data_lost",
    feed: () => world.traffic.send(base.group, history(100, 1)),
    spoil: async () => {
      await base.stop();
      await world.traffic.send(base.group, history(500, 1));
      await world.admin.fetchTopicOffsets(base.group);
      await world.admin.deleteTopicRecords({ topic: base.group, partitions: [{ partition: 0, offset: "450" }] });
    },
    mend: async () => void (await base.startMember()),
  };
}
