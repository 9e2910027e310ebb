/**
 * The stage on which every cause is produced: a cluster with many services, a second cluster that breaks, and a tap
 * that polls both.
 */
import { Kafka, logLevel, type Admin } from "kafkajs";
import type pg from "pg";
import { openBroker } from "#lib/brokers/open.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import type { RunningKafka } from "#lib/demo/stack/kafka.ts";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { openPool, startKafka, startPostgres } from "#e2e/stack/stack.ts";
import { openFragileKafka, type FragileKafka } from "./causes-fragile.ts";
import { createTopics, type NewTopic } from "./create-topics.ts";
import { openTraffic, type Traffic } from "./consumers/traffic.ts";

/** The cluster's name in Flowtap's configuration. */
export const SHOP = "shop";
export const FRAGILE = "fragile";

export interface CausesWorld {
  readonly kafka: RunningKafka;
  readonly brokers: readonly string[];
  /** null where no disk can be taken from a broker, as in Docker */
  readonly fragile: FragileKafka | null;
  readonly flowtap: Flowtap;
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly admin: Admin;
  readonly inspector: LogInspector;
  readonly reader: Reader;
  readonly traffic: Traffic;
  createTopics(topics: readonly NewTopic[]): Promise<void>;
  close(): Promise<void>;
}

export async function openCausesWorld(): Promise<CausesWorld> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const part of closing.reverse()) await part();
  };
  try {
    const kafka = await startKafka();
    closing.push(() => kafka.stop());
    const fragile = await openFragileKafka();
    closing.push(async () => fragile?.close());
    const postgres = await startPostgres();
    closing.push(() => postgres.stop());
    const clusters = [
      { name: SHOP, brokers: kafka.brokers },
      ...(fragile === null ? [] : [{ name: FRAGILE, brokers: fragile.brokers }]),
    ];
    const flowtap = await prepareFlowtap({
      databaseUrl: postgres.url,
      brokers: kafka.brokers,
      config: {
        clusters: clusters.map((cluster) => ({ ...cluster, system: "kafka", start: "earliest" })),
        lag: { pollSeconds: 1 },
      },
    });
    closing.push(() => flowtap.stop());
    const pool = openPool(postgres.url, 2);
    closing.push(() => pool.end());
    const admin = new Kafka({ clientId: "operator", brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    closing.push(() => admin.disconnect());
    const cluster = ClusterConfig.parse({ name: SHOP, brokers: kafka.brokers });
    const inspector = openBroker(cluster).openInspector();
    const reader = openBroker(cluster).openReader();
    closing.push(
      () => inspector.close(),
      () => reader.close(),
    );
    const traffic = await openTraffic(kafka.brokers);
    closing.push(() => traffic.stop());
    return {
      kafka,
      brokers: kafka.brokers,
      fragile,
      flowtap,
      databaseUrl: postgres.url,
      pool,
      admin,
      inspector,
      reader,
      traffic,
      close,
      createTopics: (topics) => createTopics(admin, topics),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
