/** Events for many topics at an even pace each, from one producer. */
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel, type Message, type Producer } from "kafkajs";

export interface Flow {
  readonly topic: string;
  readonly perSecond: number;
  /** of the nth event; by its key when there is none */
  readonly partition?: (n: number) => number;
  readonly key?: (n: number) => string;
}

export interface Traffic {
  /** Begins, or goes on at another pace. */
  set(flow: Flow): void;
  end(topic: string): void;
  send(topic: string, messages: readonly Message[]): Promise<void>;
  stop(): Promise<void>;
}

const TICK_MS = 200;

export async function openTraffic(brokers: readonly string[]): Promise<Traffic> {
  const producer = await connect(brokers);
  const flows = new Map<string, { flow: Flow; sent: number; due: number }>();
  let going = true;
  const loop = (async () => {
    let lastMs = Date.now();
    while (going) {
      await sleep(TICK_MS);
      const nowMs = Date.now();
      const topicMessages = [...flows.values()].flatMap((state) => {
        state.due += (state.flow.perSecond * (nowMs - lastMs)) / 1000;
        const messages = Array.from({ length: Math.floor(state.due) }, () => messageOf(state.flow, state.sent++));
        state.due -= messages.length;
        return messages.length === 0 ? [] : [{ topic: state.flow.topic, messages }];
      });
      lastMs = nowMs;
      // A broker that is down for a while: its events come when it is back, or not at all.
      if (topicMessages.length > 0)
        await producer.sendBatch({ topicMessages, acks: -1, timeout: 5000 }).catch(() => sleep(500));
    }
  })();
  return {
    set: (flow) => void flows.set(flow.topic, { flow, sent: flows.get(flow.topic)?.sent ?? 0, due: 0 }),
    end: (topic) => void flows.delete(topic),
    send: async (topic, messages) => void (await producer.send({ topic, messages: [...messages] })),
    stop: async () => {
      going = false;
      await loop;
      await producer.disconnect();
    },
  };
}

async function connect(brokers: readonly string[]): Promise<Producer> {
  const producer = new Kafka({
    clientId: "shop-front",
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 2, initialRetryTime: 200 },
  }).producer({ allowAutoTopicCreation: false, metadataMaxAge: 2000 });
  await producer.connect();
  return producer;
}

function messageOf({ partition, key }: Flow, n: number): Message {
  return {
    key: key?.(n) ?? `k-${n % 500}`,
    value: `{"n":${n}}`,
    headers: { ce_id: `e-${n}`, ce_type: "thing.happened", ce_source: "/shop-front" },
    ...(partition !== undefined && { partition: partition(n) }),
  };
}
