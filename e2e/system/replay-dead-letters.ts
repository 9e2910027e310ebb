/** Dead letters of `orders`-like events, as Spring writes them, and their failures as the tap stores them. */
import type kafkajs from "kafkajs";
import type { PrismaClient } from "#lib/store/db/database.ts";

export interface DeadEvent {
  readonly key: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly fingerprint: string;
}

export async function publishDeadLetters(
  producer: kafkajs.Producer,
  topic: string,
  events: readonly DeadEvent[],
  failedAt: Date,
  padding: string,
): Promise<void> {
  for (let from = 0; from < events.length; from += 1000)
    await producer.send({
      topic: `${topic}-dlt`,
      messages: events.slice(from, from + 1000).map((event) => ({
        key: event.key,
        value: `${event.key}@${event.partition}/${event.offset}${padding}`,
        timestamp: String(failedAt.getTime()),
        headers: deadLetterHeaders(topic, event),
      })),
    });
}

export async function storeFailures(
  prisma: PrismaClient,
  {
    clusterId,
    topic,
    ids,
  }: { clusterId: number; topic: string; ids: { readonly original: number; readonly deadLetters: number } },
  events: readonly DeadEvent[],
  failedAt: Date,
): Promise<void> {
  await prisma.failure.createMany({
    data: events.map((event, i) => ({
      clusterId,
      destinationId: ids.deadLetters,
      partition: 0,
      position: BigInt(i),
      failedAt,
      format: "spring",
      fingerprint: event.fingerprint,
      title: "it broke",
      storedAt: new Date(),
      originalDestination: topic,
      originalDestinationId: ids.original,
      originalPartition: event.partition,
      originalPosition: event.offset,
      groupName: "payments",
      key: event.key,
    })),
  });
}

/** As Spring's DeadLetterPublishingRecoverer writes them. */
function deadLetterHeaders(topic: string, { partition, offset }: DeadEvent): kafkajs.IHeaders {
  const int = Buffer.alloc(4);
  int.writeInt32BE(partition);
  const long = Buffer.alloc(8);
  long.writeBigInt64BE(offset);
  return {
    traceparent: `00-${offset.toString(16).padStart(32, "a")}-00f067aa0ba902b7-01`,
    ce_id: `event-${partition}-${offset}`,
    "kafka_dlt-original-topic": topic,
    "kafka_dlt-original-partition": int,
    "kafka_dlt-original-offset": long,
    "kafka_dlt-original-consumer-group": "payments",
    "kafka_dlt-exception-fqcn": "org.springframework.kafka.listener.ListenerExecutionFailedException",
    "kafka_dlt-exception-stacktrace": "at …",
  };
}
