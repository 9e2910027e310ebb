/** Troubles that come from the log and from those who set offsets by hand. */
import { Kafka, logLevel } from "kafkajs";
import { steady, type Scenario } from "./causes-service.ts";
import type { CausesWorld } from "./causes-world.ts";
import { startAssigned } from "./consumers/assigned-consumer.ts";
import { PATIENT } from "./consumers/kafkajs-consumer.ts";
import { takes } from "./consumers/work.ts";

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

const HISTORY = 3000;
const history = (count: number, partitions: number) =>
  Array.from({ length: count }, (_, n) => ({ partition: n % partitions, key: `k-${n}`, value: `{"n":${n}}` }));
const everywhere = (topic: string, partitions: number, offset: bigint) =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset }));

export function rewound(world: CausesWorld): Scenario {
  const base = steady(world, "audits", { partitions: 2, perSecond: 4 });
  return {
    ...base,
    what: "an operator who sets the offsets back to the beginning",
    cause: "rewound",
    feed: async () => {
      await world.traffic.send(base.group, history(HISTORY, 2));
      await base.feed();
    },
    spoil: async () => {
      await base.stop();
      await world.inspector.resetOffsets(base.group, everywhere(base.group, 2, 0n));
      await base.startMember(takes(40));
    },
    mend: () => Promise.resolve(base.setWork(takes(0))),
  };
}

export function skippedAhead(world: CausesWorld): Scenario {
  const base = steady(world, "exports", { partitions: 1, perSecond: 4 });
  let stood: bigint | null = null;
  return {
    ...base,
    what: "an operator who sets the offsets to the end with thousands unread",
    cause: "skipped_ahead",
    whileMending: ["rewound"],
    isBehind: true,
    feed: async () => {
      base.setWork(takes(10));
      await world.traffic.send(base.group, history(HISTORY * 3, 1));
      await base.feed();
    },
    spoil: async () => {
      await base.stop();
      stood = (await world.inspector.committed([base.group]))[0]?.offset ?? 0n;
      const end = (await world.inspector.logOffsets([{ topic: base.group, partition: 0 }]))[0]?.endOffset ?? 0n;
      if (end - stood < 1000n) throw new Error(`only ${end - stood} events are left to skip`);
      await world.inspector.resetOffsets(base.group, everywhere(base.group, 1, end));
      await base.startMember();
    },
    mend: async () => {
      await base.stop();
      await world.inspector.resetOffsets(base.group, everywhere(base.group, 1, stood ?? 0n));
      await base.startMember(takes(0));
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
