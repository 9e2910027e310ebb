/**
 * Three brokers on Java. The first is the controller too, so it must not be stopped. Each has two listeners: PLAINTEXT
 * for tests and between brokers, and TAPPED, which is advertised with the port of a proxy that a test may disturb.
 */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { expectRegistered, newClusterId } from "#lib/demo/stack/kafka.ts";
import { javaBroker } from "#lib/demo/stack/kafka-java.ts";
import { canRunJava, downloadKafkaLibs, hasKafkaLibs, hasMaven } from "#lib/demo/stack/kafka-libs.ts";
import { openLeash, type Leash, type LeashedProcess } from "#lib/demo/stack/leash.ts";
import type { LeashedCommand } from "#lib/demo/stack/leash-protocol.ts";
import { freePort } from "#lib/demo/stack/ports.ts";
import { untilReady } from "#lib/demo/stack/wait.ts";
import { openFaultyProxy, type FaultyProxy } from "./faulty-proxy.ts";
import { temporaryFolder } from "./stack.ts";

const START_TIMEOUT_MS = 90_000;
const HEAP_MIB = 256;

export interface ClusterNode {
  /** of its own listener, without a proxy */
  readonly address: string;
  readonly proxy: FaultyProxy;
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** resolves before the cluster has it again */
  restart(): Promise<void>;
}

export interface KafkaCluster {
  /** by broker id, from 1 on; [0] is broker 1 */
  readonly nodes: readonly ClusterNode[];
  readonly close: () => Promise<void>;
}

/** Why none can be started here, in words for a skipped test; null: it can. */
export async function whyNoKafkaCluster(): Promise<string | null> {
  if (!(await canRunJava())) return "needs Java 17 or newer on the path";
  return (await hasKafkaLibs()) || (await hasMaven()) ? null : "needs Maven on the path";
}

export async function startKafkaCluster(): Promise<KafkaCluster> {
  const leash = openLeash();
  const folder = await temporaryFolder("kafka-cluster");
  const proxies: FaultyProxy[] = [];
  const close = async () => {
    await leash.close();
    proxies.forEach((proxy) => proxy.close());
    await folder.remove();
  };
  try {
    if (!(await hasKafkaLibs())) await downloadKafkaLibs(leash, path.join(folder.dir, "maven.log"));
    const clusterId = newClusterId();
    const controllerPort = await freePort();
    const nodes: (ClusterNode & { start(): Promise<void> })[] = [];
    for (const id of [1, 2, 3]) {
      const [port, tapped] = [await freePort(), await freePort()];
      const proxy = await openFaultyProxy(tapped);
      proxies.push(proxy);
      const command = await brokerCommand(leash, path.join(folder.dir, `${id}`), clusterId, {
        ...{ id, port, tapped, controllerPort },
        advertised: proxy.port,
      });
      nodes.push(nodeOf(leash, command, port, proxy));
    }
    await Promise.all(nodes.map((node) => node.start()));
    return { nodes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Ports {
  readonly id: number;
  readonly port: number;
  readonly tapped: number;
  readonly advertised: number;
  readonly controllerPort: number;
}

async function brokerCommand(leash: Leash, stateDir: string, clusterId: string, ports: Ports): Promise<LeashedCommand> {
  const { id, port, tapped, advertised, controllerPort } = ports;
  await mkdir(stateDir, { recursive: true });
  const own = [`PLAINTEXT://127.0.0.1:${port}`, `TAPPED://127.0.0.1:${tapped}`];
  const settings = {
    "node.id": `${id}`,
    "process.roles": id === 1 ? "broker,controller" : "broker",
    listeners: (id === 1 ? [...own, `CONTROLLER://127.0.0.1:${controllerPort}`] : own).join(","),
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port},TAPPED://127.0.0.1:${advertised}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,TAPPED:PLAINTEXT,CONTROLLER:PLAINTEXT",
    // A follower that has stopped is out of sync at once.
    "replica.lag.time.max.ms": "2000",
  };
  const options = { leash, stateDir, logFile: path.join(stateDir, "kafka.log"), heapMiB: HEAP_MIB, isShortLived: true };
  return javaBroker({ ...options, settings }, { broker: port, controller: controllerPort, more: {} }, clusterId);
}

function nodeOf(leash: Leash, command: LeashedCommand, port: number, proxy: FaultyProxy) {
  let running: LeashedProcess | null = null;
  const address = `127.0.0.1:${port}`;
  const start = async () => {
    running = await leash.start(command);
    await untilReady(running, START_TIMEOUT_MS, () => expectRegistered(port));
  };
  return {
    address,
    proxy,
    start,
    stop: async () => void (await running?.stop()),
    kill9: async () => {
      running?.kill("SIGKILL");
      await running?.exited;
    },
    restart: async () => void (running = await leash.start(command)),
  };
}
