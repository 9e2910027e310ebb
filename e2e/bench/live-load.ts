/** The events that the bench `live` publishes, at an even rate. */
import type { Producer } from "kafkajs";

export const TOPIC = "bench.live";
export const RATE_PER_SECOND = 5000;
export const SECONDS = 45;
const TICK_MS = 20;
const BODY = JSON.stringify({ note: "x".repeat(180) });

/** Sends at an even rate and answers when each event was handed to the producer, in order. */
export async function produce(producer: Producer): Promise<Float64Array> {
  const sent = new Float64Array(RATE_PER_SECOND * SECONDS);
  const startedAt = clock();
  let count = 0;
  const sends: Promise<unknown>[] = [];
  while (count < sent.length) {
    const due = Math.min(sent.length, Math.floor(((clock() - startedAt) / 1000) * RATE_PER_SECOND));
    const messages = [];
    for (; count < due; count++) {
      sent[count] = clock();
      messages.push({ key: `k${count % 1000}`, value: BODY, headers: headersOf(count) });
    }
    if (messages.length > 0) sends.push(producer.send({ topic: TOPIC, messages, acks: -1 }));
    if (sends.length > 50) await sends.shift();
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(sends);
  return sent;
}

function headersOf(n: number): Record<string, string> {
  const trace = n.toString(16).padStart(32, "0");
  return {
    traceparent: `00-${trace.replace(/^0/, "1")}-${trace.slice(0, 15)}1-01`,
    ce_specversion: "1.0",
    ce_id: `e-${n}`,
    ce_type: "bench.happened",
    ce_source: "/bench",
  };
}

export const clock = () => performance.timeOrigin + performance.now();
