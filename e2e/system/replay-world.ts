/** A Kafka and a Postgres with dead letters in them, and what is needed to replay those. */
import { randomBytes } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import kafkajs from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { CommandDeps } from "#lib/commands/deps.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { openBodySchemas } from "#lib/decode/body-schemas.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { openDatabase, type Database } from "#lib/store/db/database.ts";
import { migrate } from "#e2e/stack/postgres-template.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { openTestKafka } from "../stack/kafka-client.ts";
import { startKafka, startPostgres } from "../stack/stack.ts";
import { createTopicOn } from "#e2e/stack/create-topic.ts";
import { publishDeadLetters, storeFailures, type DeadEvent } from "./replay-dead-letters.ts";

export interface World {
  readonly cluster: ClusterConfig;
  readonly databaseUrl: string;
  readonly kafka: kafkajs.Kafka;
  readonly database: Database;
  readonly inspector: LogInspector;
  readonly reader: Reader;
  readonly deps: CommandDeps;
  createTopic(topic: string, partitions: number): Promise<number>;
  /** Puts dead letters of `orders`-like events into `<topic>-dlt` and their failures into the database. */
  bury(topic: string, events: readonly DeadEvent[], padding?: string): Promise<void>;
  readAll(topic: string): Promise<(LogRecord & { partition: number })[]>;
  startRunner(): ChildProcess;
  /** kill -9, then starts again with the same data */
  crashPostgres(): Promise<void>;
  stop(): Promise<void>;
}

export async function openWorld({ isShortLived = true } = {}): Promise<World> {
  const log = openLog("test");
  log.level = "silent";
  const postgres = await startPostgres();
  const broker = await startKafka({ isShortLived }).catch(async (error: unknown) => {
    await postgres.stop();
    throw error;
  });
  await migrate(postgres.url);
  const cluster = ClusterConfig.parse({ name: "kafka", brokers: broker.brokers });
  const kafka = openTestKafka(broker.brokers);
  const admin = kafka.admin();
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await Promise.all([admin.connect(), producer.connect()]);
  const database = openDatabase({ url: postgres.url });
  const inspector = openBroker(cluster).openInspector();
  const reader = openBroker(cluster).openReader();
  const { prisma } = database;
  const { id: clusterId } = await prisma.cluster.create({ data: { name: "kafka", system: "kafka" } });
  const runners = new Set<ChildProcess>();

  const createTopic = async (topic: string, partitions: number): Promise<number> => {
    await createTopicOn(admin, topic, partitions);
    return (await prisma.destination.create({ data: { clusterId, name: topic, partitionCount: partitions } })).id;
  };

  return {
    cluster,
    databaseUrl: postgres.url,
    kafka,
    database,
    inspector,
    reader,
    deps: {
      prisma,
      inspectorOf: (name) => (name === "kafka" ? inspector : null),
      readerOf: (name) => (name === "kafka" ? reader : null),
      brokersOf: () => cluster.brokers,
      canReplayOn: () => true,
      declaredSourceOf: () => null,
      idempotentGroups: [],
      bodySchemas: openBodySchemas([], NO_RULES),
      newToken: () => randomBytes(6).toString("hex"),
    },
    createTopic,
    bury: async (topic, events, padding = "") => {
      const ids = { original: await createTopic(topic, 6), deadLetters: await createTopic(`${topic}-dlt`, 1) };
      const failedAt = new Date();
      await publishDeadLetters(producer, topic, events, failedAt, padding);
      await storeFailures(prisma, { clusterId, topic, ids }, events, failedAt);
    },
    readAll: async (topic) => {
      const all: (LogRecord & { partition: number })[] = [];
      const partitions = (await inspector.destinations()).find((info) => info.name === topic)?.partitions ?? [];
      for (const { partition } of partitions) {
        const [end] = await inspector.logOffsets([{ topic, partition }]);
        for (let next = 0n; next < (end?.lastStableOffset ?? 0n); ) {
          const stretch = await reader.read({ topic, partition }, next, {
            maxRecords: 1000,
            maxBytes: 8_000_000,
            timeoutMs: 10_000,
          });
          all.push(...stretch.records.map((record) => ({ ...record, partition })));
          next = stretch.nextOffset;
        }
      }
      return all;
    },
    startRunner: () => {
      const child = spawn(process.execPath, [new URL("./replay-runner.ts", import.meta.url).pathname], {
        env: {
          ...process.env,
          DATABASE_URL: postgres.url,
          KAFKA_BROKERS: cluster.brokers.join(","),
          FLOWTAP_LOG_LEVEL: "fatal",
          NODE_NO_WARNINGS: "1",
        },
        stdio: ["ignore", "ignore", "inherit"],
      });
      runners.add(child);
      return child;
    },
    crashPostgres: async () => {
      await postgres.kill9();
      await postgres.restart();
    },
    stop: async () => {
      await Promise.all([...runners].map(killNow));
      await Promise.allSettled([
        inspector.close(),
        reader.close(),
        admin.disconnect(),
        producer.disconnect(),
        database.close(),
      ]);
      await Promise.all([postgres.stop(), broker.stop()]);
    },
  };
}

export async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
