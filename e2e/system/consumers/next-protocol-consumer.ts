/** Services that speak the group protocol of KIP-848, where the broker assigns. */
import { Consumer, MessagesStreamModes, MessagesStreamFallbackModes } from "@platformatic/kafka";
import type { RunningConsumer, Work } from "./work.ts";

export interface NextProtocolOptions {
  readonly brokers: readonly string[];
  readonly group: string;
  readonly topic: string;
  readonly clientId?: string;
  readonly work: Work;
}

const COMMIT_EVERY_MS = 500;

/** Works its records off one by one; its heartbeats go on by themselves, whatever the work does. */
export async function startNextProtocol({
  brokers,
  group,
  topic,
  clientId = group,
  ...options
}: NextProtocolOptions): Promise<RunningConsumer> {
  let { work } = options;
  const consumer = new Consumer({
    clientId,
    groupId: group,
    bootstrapBrokers: [...brokers],
    groupProtocol: "consumer",
    maxWaitTime: 250,
    retries: 1000,
    retryDelay: 500,
  });
  const stream = await consumer.consume({
    topics: [topic],
    mode: MessagesStreamModes.COMMITTED,
    fallbackMode: MessagesStreamFallbackModes.EARLIEST,
    autocommit: false,
    maxWaitTime: 250,
  });
  const done = new Map<number, bigint>();
  const heartbeat = () => Promise.resolve();
  let stopped = false;
  const reading = (async () => {
    for await (const { partition, offset } of stream) {
      if (stopped) break;
      await work({ partition, offset, heartbeat });
      done.set(partition, offset + 1n);
    }
  })();
  const commit = async (): Promise<void> => {
    const offsets = [...done].map(([partition, offset]) => ({ topic, partition, offset, leaderEpoch: -1 }));
    done.clear();
    // Partitions that went to another member meanwhile are that member's to commit.
    if (offsets.length > 0) await consumer.commit({ offsets }).catch(() => undefined);
  };
  const timer = setInterval(() => void commit(), COMMIT_EVERY_MS);
  return {
    setWork: (other) => (work = other),
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await commit();
      await consumer.close(true);
      await reading.catch(() => undefined);
    },
  };
}
