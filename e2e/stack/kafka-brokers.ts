/** A Kafka cluster of several brokers, each of which can be stopped and started again. The first is the controller. */
import path from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { tailOfLog } from "#lib/demo/stack/bounded-log.ts";
import { javaBroker } from "#lib/demo/stack/kafka-java.ts";
import { canRunJava, hasKafkaLibs } from "#lib/demo/stack/kafka-libs.ts";
import type { KafkaOptions } from "#lib/demo/stack/kafka-options.ts";
import { openLeash, type LeashedProcess } from "#lib/demo/stack/leash.ts";
import { freePort } from "#lib/demo/stack/ports.ts";
import { untilReady } from "#lib/demo/stack/wait.ts";
import { mkdir } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { temporaryFolder } from "./stack.ts";

const START_TIMEOUT_MS = 90_000;
const HEAP_MIB = 256;

export interface RunningKafkaCluster {
  /** by the order of their node ids, which begin at 1 */
  readonly brokers: readonly string[];
  /** Tells a broker to leave; it hands its partitions over where another has a copy. */
  stopBroker(nodeId: number): Promise<void>;
  startBroker(nodeId: number): Promise<void>;
  stop(): Promise<void>;
}

/** Whether brokers can be started side by side here; Docker's have a network of their own. */
export const canStartKafkaCluster = async (): Promise<boolean> => (await canRunJava()) && (await hasKafkaLibs());

export async function startKafkaCluster(size: number): Promise<RunningKafkaCluster> {
  const leash = openLeash();
  const folder = await temporaryFolder("kafka-cluster");
  const clusterId = `A${randomBytes(15).toString("base64url")}A`.slice(0, 22);
  const controller = await freePort();
  const ports = await Promise.all(Array.from({ length: size }, () => freePort()));
  const running = new Map<number, LeashedProcess>();

  const startBroker = async (nodeId: number): Promise<void> => {
    const broker = ports[nodeId - 1] as number;
    const stateDir = path.join(folder.dir, `broker-${nodeId}`);
    await mkdir(stateDir, { recursive: true });
    const options: KafkaOptions = {
      leash,
      stateDir,
      logFile: path.join(folder.dir, `broker-${nodeId}.log`),
      heapMiB: HEAP_MIB,
      isShortLived: true,
      settings: settingsOf(nodeId, broker, controller),
    };
    const process = await leash.start(await javaBroker(options, { broker, controller, more: {} }, clusterId));
    running.set(nodeId, process);
    await untilReady(process, START_TIMEOUT_MS, () => isRegistered(broker, nodeId)).catch((error: unknown) => {
      throw new Error(`broker ${nodeId}: ${tailOfLog(options.logFile)}`, { cause: error });
    });
  };
  const stop = async (): Promise<void> => {
    await leash.close();
    await folder.remove();
  };
  try {
    await Promise.all(ports.map((_, i) => startBroker(i + 1)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    brokers: ports.map((port) => `127.0.0.1:${port}`),
    stopBroker: async (nodeId) => void (await running.get(nodeId)?.stop()),
    startBroker,
    stop,
  };
}

const settingsOf = (nodeId: number, broker: number, controller: number): Record<string, string> => ({
  "node.id": String(nodeId),
  ...(nodeId > 1 && { "process.roles": "broker", listeners: `PLAINTEXT://127.0.0.1:${broker}` }),
  "controller.quorum.voters": `1@127.0.0.1:${controller}`,
  "offsets.topic.replication.factor": "3",
});

/** The broker answers, and the cluster knows it. */
async function isRegistered(port: number, nodeId: number): Promise<void> {
  const admin = new Kafka({
    clientId: "probe",
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 5000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (!brokers.some((one) => one.nodeId === nodeId)) throw new Error("the broker has not registered yet");
  } finally {
    await admin.disconnect();
  }
}
