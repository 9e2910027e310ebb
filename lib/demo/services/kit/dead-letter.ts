/**
 * Publishes dead letters as Spring for Apache Kafka does: numbers are big-endian, text is UTF-8, and headers are
 * appended to existing ones.
 */
import type { IHeaders } from "kafkajs";
import type { EventBus } from "./event-bus.ts";
import type { Received } from "./consumer.ts";

export interface JvmFailure {
  readonly outerClass: string;
  readonly outerMessage: string;
  readonly rootClass: string;
  readonly rootMessage: string;
  readonly stack: string;
}

export function deadLetter(
  bus: EventBus,
  { event, message, partition }: Received,
  group: string,
  failure: JvmFailure,
): Promise<void> {
  const added: IHeaders = {
    "kafka_dlt-original-topic": event.topic,
    "kafka_dlt-original-partition": int32(partition),
    "kafka_dlt-original-offset": int64(BigInt(message.offset)),
    "kafka_dlt-original-timestamp": int64(BigInt(message.timestamp)),
    "kafka_dlt-original-timestamp-type": "CreateTime",
    "kafka_dlt-original-consumer-group": group,
    "kafka_dlt-exception-fqcn": failure.outerClass,
    "kafka_dlt-exception-cause-fqcn": failure.rootClass,
    "kafka_dlt-exception-message": `${failure.outerMessage}; ${failure.rootMessage}`,
    "kafka_dlt-exception-stacktrace": failure.stack,
  };
  const headers: IHeaders = { ...message.headers };
  for (const [name, value] of Object.entries(added)) headers[name] = [headers[name] ?? [], value ?? []].flat();
  return bus.send("orders-dlt", event.type, { key: message.key, value: message.value, partition, headers });
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
