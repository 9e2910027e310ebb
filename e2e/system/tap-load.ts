/** Load for the tap: small traced records, published without pause. */
import { setTimeout as sleep } from "node:timers/promises";
import type { TapStage } from "./tap-stage.ts";

interface Load {
  /** how many records were acknowledged */
  sent(): number;
  /** Answers how many were acknowledged in all. */
  stop(): Promise<number>;
}

/** Sends small traced records without pause until stopped. */
export function keepProducing(stage: TapStage, topic: string, perBatch = 100, everyMs = 50): Load {
  let sent = 0;
  let going = true;
  const loop = (async () => {
    while (going) {
      const messages = Array.from({ length: perBatch }, (_, i) => ({
        key: `key-${(sent + i) % 997}`,
        value: `{"n":${sent + i}}`,
        headers: {
          traceparent: traceparent(sent + i),
          ce_id: `e-${sent + i}`,
          ce_type: "thing.happened",
          ce_source: "/tests/producer",
        },
      }));
      // A broker that is down: what the topic then holds counts, not what was tried.
      await stage.producer.send({ topic, messages, acks: -1 }).then(
        () => (sent += perBatch),
        () => sleep(500),
      );
      await sleep(everyMs);
    }
  })();
  return {
    sent: () => sent,
    stop: async () => {
      going = false;
      await loop;
      return sent;
    },
  };
}

const traceparent = (n: number): string =>
  `00-${(n + 1).toString(16).padStart(32, "0")}-${(n + 1).toString(16).padStart(16, "0")}-01`;
