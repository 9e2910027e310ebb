/** The records that the bench `ingest` publishes: small sagas of five events, with ids spread as random ones are. */
import { Kafka, logLevel, CompressionTypes } from "kafkajs";

export const TOPIC = "bench.ingest";
const PARTITIONS = 4;
export const RECORDS = 1_000_000;
const PER_SEND = 5000;
const BODY = JSON.stringify({ orderId: "0".repeat(12), note: "x".repeat(90) });

/** Answers a record's size as the broker's clients see it: key, value and headers. */
export async function produce(brokers: readonly string[]): Promise<number> {
  const client = new Kafka({ clientId: "bench", brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: PARTITIONS }] });
  await admin.disconnect();
  const producer = client.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (let sent = 0; sent < RECORDS; sent += PER_SEND) {
    await producer.send({
      topic: TOPIC,
      acks: 1,
      compression: CompressionTypes.None,
      messages: Array.from({ length: PER_SEND }, (_, i) => recordOf(sent + i)),
    });
  }
  await producer.disconnect();
  const { key, value, headers } = recordOf(RECORDS - 1);
  return (
    key.length +
    value.length +
    Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + text.length, 0)
  );
}

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, "0");

function recordOf(n: number) {
  // Five events a trace, as in a small saga; ids spread as random ones do.
  const trace = Math.floor(n / 5) + 1;
  return {
    key: `order-${trace % 50_000}`,
    value: BODY,
    partition: n % PARTITIONS,
    headers: {
      traceparent: `00-${hex(Math.imul(trace, 0x9e3779b1) >>> 0, 8)}${hex(trace, 24)}-${hex(n + 1, 16)}-01`,
      ce_specversion: "1.0",
      ce_id: `0198c1b2-7f00-7000-8000-${hex(n, 12)}`,
      ce_type: n % 2 === 0 ? "order.placed" : "order.confirmed",
      ce_source: "/shop/orders",
      ce_time: "2026-01-01T00:00:00.000Z",
    },
  };
}
