/** The shop's events: CloudEvents 1.0 in binary mode on Kafka, JSON bodies. */
import type { IHeaders, KafkaMessage } from "kafkajs";
import type { Topic } from "./kafka.ts";

export interface ShopEvent {
  readonly id: string;
  readonly type: string;
  readonly topic: Topic;
  readonly key: string;
  readonly timeMs: number;
  readonly correlationId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface NewEvent {
  readonly type: string;
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly correlationId: string;
  /** the event that caused this one */
  readonly cause?: ShopEvent;
  readonly schemaVersion?: number;
}

const textOf = (value: IHeaders[string]): string => (Array.isArray(value) ? value.at(-1) : value)?.toString() ?? "";

export function readEvent(topic: string, message: KafkaMessage): ShopEvent {
  const headers = Object.fromEntries(
    Object.entries(message.headers ?? {}).map(([name, value]) => [name, textOf(value)]),
  );
  return {
    id: headers.ce_id ?? "",
    type: headers.ce_type ?? "",
    topic: topic as Topic,
    key: message.key?.toString() ?? "",
    timeMs: headers.ce_time === undefined ? Number(message.timestamp) : Date.parse(headers.ce_time),
    correlationId: headers["correlation-id"] ?? null,
    data: message.value === null ? {} : (JSON.parse(message.value.toString()) as Record<string, unknown>),
    headers,
  };
}
