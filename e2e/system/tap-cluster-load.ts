/** One event after the other into each partition, so that one that cannot be written to holds up no other. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Kafka } from "kafkajs";

const EVERY_MS = 200;

export interface PartitionLoad {
  stop(): Promise<void>;
}

export function produceToEach(client: Kafka, topic: string, partitions: number): PartitionLoad {
  const going = new AbortController();
  const loops = Array.from({ length: partitions }, async (_, partition) => {
    const producer = client.producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
    while (!going.signal.aborted) {
      // A partition without a leader: what its topic then holds counts, not what was tried.
      await producer
        .connect()
        .then(() => producer.send({ topic, acks: -1, messages: [{ partition, value: "1" }] }))
        .catch(() => undefined);
      await sleep(EVERY_MS, undefined, { signal: going.signal }).catch(() => undefined);
    }
    await producer.disconnect().catch(() => undefined);
  });
  return {
    stop: async () => {
      going.abort();
      await Promise.all(loops);
    },
  };
}
