/** The services of the saga, each a consumer group that publishes what follows from what it reads. */
import { randomBytes } from "node:crypto";
import type { Consumer, IHeaders } from "kafkajs";
import { SERVICES } from "./correlate-saga.ts";
import type { TapStage } from "./tap-stage.ts";

export interface RunningServices {
  /** Publishes an event of the flow `n` with a span of its own. */
  send(service: string, topic: string, type: string, trace: string, n: number): Promise<void>;
  /** how many events were published to a topic */
  published(topic: string): number;
  stop(): Promise<void>;
}

export async function startServices(stage: TapStage): Promise<RunningServices> {
  const consumers: Consumer[] = [];
  const counts = new Map<string, number>();
  const text = (headers: IHeaders | undefined, name: string) => String(headers?.[name] ?? "");
  const send: RunningServices["send"] = async (service, topic, type, trace, n) => {
    const span = randomBytes(8).toString("hex");
    await stage.producer.send({
      topic,
      messages: [
        {
          key: `order-${n}`,
          value: JSON.stringify({ n, ...(type === "stock.out" && { why: `nothing left for order-${n}` }) }),
          headers: {
            traceparent: `00-${trace}-${span}-01`,
            ce_specversion: "1.0",
            ce_id: `${type}-${n}`,
            ce_type: type,
            ce_source: `/${service}`,
          },
        },
      ],
    });
    counts.set(topic, (counts.get(topic) ?? 0) + 1);
  };
  for (const service of SERVICES) {
    const consumer = stage.client.consumer({ groupId: service.group, maxWaitTimeInMs: 50 });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [...service.reads], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ topic, message }) => {
        const { n } = JSON.parse(message.value?.toString() ?? "{}") as { n: number };
        const next = service.publishes(topic, n, text(message.headers, "ce_type"));
        if (next !== null)
          await send(service.name, next.topic, next.type, text(message.headers, "traceparent").slice(3, 35), n);
      },
    });
  }
  return {
    send,
    published: (topic) => counts.get(topic) ?? 0,
    stop: async () => {
      for (const consumer of consumers) await consumer.disconnect().catch(() => undefined);
    },
  };
}
