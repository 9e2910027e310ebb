import { randomUUID } from "node:crypto";
import type { CompressionTypes, IHeaders, Kafka, Message, Producer } from "kafkajs";
import type { Counts } from "./counts.ts";
import type { NewEvent } from "./event.ts";
import type { Topic } from "./kafka.ts";
import { injectNewSpan, type Propagation } from "./tracing.ts";

const LINGER_MS = 15;

export interface EventBusOptions {
  readonly service: string;
  readonly kafka: Kafka;
  readonly compression: CompressionTypes;
  readonly propagation: Propagation;
  /** whether events have the id of the event that caused them */
  readonly namesCause: boolean;
  readonly counts: Counts;
}

interface PendingEvent {
  readonly topic: Topic;
  readonly type: string;
  readonly message: Message;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** Publishes events in batches of a few milliseconds. A promise resolves when the broker has acknowledged the event. */
export class EventBus {
  readonly #options: EventBusOptions;
  readonly #producer: Producer;
  #pending: PendingEvent[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: EventBusOptions) {
    this.#options = options;
    this.#producer = options.kafka.producer({ allowAutoTopicCreation: false });
  }

  connect(): Promise<void> {
    return this.#producer.connect();
  }

  async close(): Promise<void> {
    this.#flush();
    await this.#flushing;
    await this.#producer.disconnect();
  }

  publish(topic: Topic, event: NewEvent): Promise<void> {
    const { service, propagation, namesCause } = this.#options;
    const headers: IHeaders = {
      "content-type": "application/json",
      ce_specversion: "1.0",
      ce_id: randomUUID(),
      ce_type: event.type,
      ce_source: `/shop/${service}`,
      ce_time: new Date().toISOString(),
      ce_subject: event.key,
      ...(event.schemaVersion === undefined
        ? {}
        : { ce_dataschema: `https://schemas.example/${event.type}/${event.schemaVersion}` }),
      ...(namesCause && event.cause !== undefined ? { ce_causationid: event.cause.id } : {}),
      "correlation-id": event.correlationId,
      ...injectNewSpan(service, topic, propagation),
    };
    return this.send(topic, event.type, { key: event.key, value: JSON.stringify(event.data), headers });
  }

  send(topic: Topic, type: string, message: Message): Promise<void> {
    this.#timer ??= setTimeout(() => this.#flush(), LINGER_MS);
    return new Promise((resolve, reject) => this.#pending.push({ topic, type, message, resolve, reject }));
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const batch = this.#pending;
    this.#pending = [];
    // One batch at a time: two concurrent requests could change the order of the events of a key.
    if (batch.length > 0) this.#flushing = this.#flushing.then(() => this.#send(batch));
  }

  async #send(batch: readonly PendingEvent[]): Promise<void> {
    const byTopic = Map.groupBy(batch, ({ topic }) => topic);
    try {
      await this.#producer.sendBatch({
        compression: this.#options.compression,
        topicMessages: [...byTopic].map(([topic, entries]) => ({
          topic,
          messages: entries.map(({ message }) => message),
        })),
      });
    } catch (error) {
      for (const { reject } of batch) reject(error as Error);
      return;
    }
    for (const { topic, type, resolve } of batch) {
      this.#options.counts.published(topic, type);
      resolve();
    }
  }
}
