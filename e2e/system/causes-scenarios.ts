/** Every cause with a service that has it, and beside them those with which nothing is wrong. */
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import { healthy } from "./causes-healthy.ts";
import { churning, deserted, hotPartition, hung, neverCommitting, poisoned, tooSlow } from "./causes-members.ts";
import { rewound, skippedAhead } from "./causes-offsets.ts";
import { dataLost, newPartitions, openTransaction } from "./causes-log.ts";
import { WELL, type Scenario } from "./causes-service.ts";
import { FRAGILE, type CausesWorld } from "./causes-world.ts";
import { AS_DELIVERED, startKafkaJs, startRewindingKafkaJs } from "./consumers/kafkajs-consumer.ts";
import { startNextProtocol } from "./consumers/next-protocol-consumer.ts";
import type { RunningConsumer } from "./consumers/work.ts";

export function scenarios(world: CausesWorld): Scenario[] {
  return [
    poisoned(world, "payments", "an event that always fails, tried again and again", {
      partitions: 4,
      perSecond: 10,
      concurrency: 4,
    }),
    poisoned(
      world,
      "invoices",
      "an event that always fails, in a KafkaJS as delivered: it gives up, leaves and joins again",
      { partitions: 3, perSecond: 9, retry: AS_DELIVERED },
    ),
    poisoned(world, "refunds", "an event that always fails, after its commit: the service goes back to it", {
      partitions: 3,
      perSecond: 9,
      concurrency: 3,
      start: startRewindingKafkaJs,
    }),
    hung(world, "emails", "one of two members whose work never ends", startKafkaJs),
    hung(world, "push-notes", "one of two members of the new protocol whose work never ends", startNextProtocol),
    deserted(world, "shipping", "a service that was stopped", startKafkaJs),
    deserted(world, "customs", "a service of the new protocol that was stopped", startNextProtocol),
    churning(world),
    tooSlow(world),
    hotPartition(world),
    openTransaction(world),
    rewound(world),
    skippedAhead(world),
    neverCommitting(world),
    newPartitions(world),
    dataLost(world),
    ...lostDisk(world),
    ...healthy(world),
  ];
}

function lostDisk(world: CausesWorld): Scenario[] {
  const { fragile } = world;
  if (fragile === null) return [];
  const producer = new Kafka({
    clientId: "post-office",
    brokers: [...fragile.brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1 },
  }).producer({ allowAutoTopicCreation: false });
  const torn: RunningConsumer[] = [];
  const whole: RunningConsumer[] = [];
  const start = (group: string, topic: string) =>
    startKafkaJs({ brokers: fragile.brokers, group, topic, work: WELL, concurrency: 2 });
  const stopAll = async (members: RunningConsumer[]): Promise<void> =>
    void (await Promise.all(members.splice(0).map((member) => member.stop())));
  let timer: NodeJS.Timeout | undefined;
  const send = (topic: string, partition: number) =>
    producer.send({ topic, timeout: 1000, messages: [{ partition, value: "{}" }] }).catch(() => undefined);
  return [
    {
      what: "a broker that loses a disk, then its power",
      cluster: FRAGILE,
      group: "sorting-office",
      partitions: 0,
      cause: "broker_trouble",
      prepare: async () => {
        await producer.connect();
        torn.push(await start("sorting-office", fragile.torn));
      },
      feed: () => {
        timer = setInterval(
          () => void Promise.all([send(fragile.torn, 0), send(fragile.torn, 1), send(fragile.whole, 0)]),
          500,
        );
        return Promise.resolve();
      },
      spoil: () => fragile.loseDisk(),
      mend: async () => {
        await fragile.cutPower();
        await sleep(12_000);
        await fragile.repair();
      },
      stop: async () => {
        clearInterval(timer);
        await producer.disconnect();
        await stopAll(torn);
      },
    },
    {
      what: "a group on the disk that stays",
      cluster: FRAGILE,
      group: "letter-box",
      partitions: 0,
      cause: null,
      whileMending: ["broker_trouble"],
      prepare: async () => void whole.push(await start("letter-box", fragile.whole)),
      feed: () => Promise.resolve(),
      spoil: () => Promise.resolve(),
      mend: () => Promise.resolve(),
      stop: () => stopAll(whole),
    },
  ];
}
