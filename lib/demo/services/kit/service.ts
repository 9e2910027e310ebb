/**
 * What all services have in common: Kafka, an event bus, counts, HTTP with /health and /counts, and a clean shutdown.
 */
import type { CompressionTypes } from "kafkajs";
import { consume, type Received, type Handled, type RunningConsumer } from "./consumer.ts";
import { Counts } from "./counts.ts";
import { EventBus } from "./event-bus.ts";
import { serveHttp, type HttpHandler } from "./http.ts";
import { connectKafka, ensureTopics, type Topic } from "./kafka.ts";
import type { Propagation } from "./tracing.ts";

export interface ServiceOptions {
  readonly name: string;
  readonly compression: CompressionTypes;
  readonly propagation: Propagation;
  readonly namesCause: boolean;
  /** the topics it consumes; its consumer group has the name of the service */
  readonly topics: readonly Topic[];
  readonly handle?: (received: Received, bus: EventBus) => Handled;
  readonly maxConcurrent?: () => number;
  readonly http?: (bus: EventBus) => HttpHandler;
}

export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set`);
  return value;
}

export async function runService(options: ServiceOptions): Promise<void> {
  const { name, handle } = options;
  const kafka = connectKafka(name, setting("KAFKA_BROKERS").split(","));
  await ensureTopics(kafka);
  const counts = new Counts(setting("STATE_DIR"), name, handle === undefined ? null : name);
  const bus = new EventBus({ ...options, service: name, kafka, counts });
  await bus.connect();
  const consumer: RunningConsumer | null =
    handle === undefined
      ? null
      : await consume({ ...options, kafka, groupId: name, counts, handle: (received) => handle(received, bus) });
  const own = options.http?.(bus);
  const server = await serveHttp(Number(setting("PORT")), async (request) => {
    if (request.path === "/health") return { body: { service: name, ok: true } };
    if (request.path === "/counts") return { body: counts.view };
    return own?.(request);
  });
  console.log(`${name} listens on ${setting("PORT")}`);
  onShutdown(async () => {
    server.closeAllConnections();
    server.close();
    await consumer?.stop();
    await bus.close();
    counts.write();
  });
}

export function onShutdown(end: () => Promise<void>): void {
  const finish = () => {
    void end().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", finish);
  process.once("SIGINT", finish);
}
