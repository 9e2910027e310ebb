/** Starts a Kafka broker: in Docker if an engine answers, else on Java with jars from Maven. */
import { randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { tailOfLog } from "./bounded-log.ts";
import { dockerAnswers, dockerBroker, killContainer, pullImage } from "./kafka-docker.ts";
import { hasJavaData, javaBroker } from "./kafka-java.ts";
import { KAFKA_LIBS_DIR, canRunJava, downloadKafkaLibs, hasKafkaLibs, hasMaven } from "./kafka-libs.ts";
import type { KafkaOptions } from "./kafka-options.ts";
import type { KafkaPorts } from "./kafka-settings.ts";
import type { LeashedProcess } from "./leash.ts";
import type { LeashedCommand } from "./leash-protocol.ts";
import { endLeftover } from "./leftover.ts";
import { freePort } from "./ports.ts";
import { NotStarted, untilReady } from "./wait.ts";

const START_TIMEOUT_MS = 90_000;

export interface RunningKafka {
  readonly brokers: string[];
  readonly port: number;
  /** the addresses of the further listeners, by name */
  readonly listeners: Readonly<Record<string, string>>;
  readonly how: "docker" | "java";
  /** the folder of Kafka's jars, which include the console tools; null in Docker */
  readonly libs: string | null;
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Starts it again on the same port with the same data, even after a kill. */
  restart(): Promise<void>;
}

const THREE_WAYS = [
  "Kafka cannot be started here. Any one of these will do:",
  "  1. set KAFKA_BROKERS=host:port to a Kafka that runs already",
  "  2. start Docker (the image apache/kafka is used)",
  "  3. install Java 17 or newer, and Maven",
].join("\n");

/** Throws an Error with THREE_WAYS if Kafka can be started in no way. */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  await fs.mkdir(options.stateDir, { recursive: true });
  const clusterId = await keptClusterId(options.stateDir);
  const how = await chooseHow(options);
  let ports = await choosePorts(options, options.preferredPort);
  const starter = how === "docker" ? dockerBroker : javaBroker;
  let broker: LeashedProcess;
  try {
    broker = await startBroker(options, await starter(options, ports, clusterId), ports);
  } catch (error) {
    // Another process may have taken a port after it was found free.
    if (!(error instanceof NotStarted)) throw error;
    ports = await choosePorts(options);
    broker = await startBroker(options, await starter(options, ports, clusterId), ports);
  }
  return {
    brokers: [`127.0.0.1:${ports.broker}`],
    port: ports.broker,
    listeners: Object.fromEntries(Object.entries(ports.more).map(([name, port]) => [name, `127.0.0.1:${port}`])),
    how,
    libs: how === "java" ? KAFKA_LIBS_DIR : null,
    async stop() {
      await broker.stop();
    },
    async kill9() {
      if (how === "docker") await killContainer(options.stateDir);
      else broker.kill("SIGKILL");
      await broker.exited;
    },
    async restart() {
      await broker.stop();
      broker = await startBroker(options, await starter(options, ports, clusterId), ports);
    },
  };
}

async function choosePorts({ listeners = {} }: KafkaOptions, preferredPort?: number): Promise<KafkaPorts> {
  const more: Record<string, number> = {};
  for (const name of Object.keys(listeners)) more[name] = await freePort();
  return { broker: await freePort(preferredPort), controller: await freePort(), more };
}

async function chooseHow(options: KafkaOptions): Promise<"docker" | "java"> {
  // A broker cannot use data of the other kind, so continue with Java if it has written any.
  const startedOnJava = await hasJavaData(options.stateDir);
  const java = await canRunJava();
  if (!(startedOnJava && java) && (await dockerAnswers()) && (await pullImage(options))) return "docker";
  if (!java) throw new Error(THREE_WAYS);
  if (!(await hasKafkaLibs())) {
    if (!(await hasMaven())) throw new Error(THREE_WAYS);
    options.note?.("Kafka: Maven downloads the jars (54 MB, once)");
    await downloadKafkaLibs(options.leash, path.join(path.dirname(options.logFile), "maven.log"));
  }
  return "java";
}

async function startBroker(options: KafkaOptions, command: LeashedCommand, ports: KafkaPorts): Promise<LeashedProcess> {
  const pidFile = path.join(options.stateDir, "broker.pid");
  // End a broker of an earlier run whose keeper was killed; in Docker it is found by the container's name.
  const leftover = await fs.readFile(pidFile, "utf8").catch(() => "");
  await endLeftover(Number(leftover), options.stateDir, "SIGTERM");
  const broker = await options.leash.start(command);
  await fs.writeFile(pidFile, String(broker.pid));
  try {
    await untilReady(broker, START_TIMEOUT_MS, () => expectRegistered(ports.broker));
  } catch (error) {
    await broker.stop();
    if (error instanceof NotStarted) throw new NotStarted(`${error.message}\n${tailOfLog(options.logFile)}`);
    throw error;
  }
  return broker;
}

/** Rejects while the broker of that port does not answer, or is not known to its cluster yet. */
export async function expectRegistered(port: number): Promise<void> {
  const client = new Kafka({
    clientId: "flowtap-demo-probe",
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (!brokers.some((one) => one.port === port)) throw new Error("the broker has not registered yet");
  } finally {
    await admin.disconnect();
  }
}

async function keptClusterId(stateDir: string): Promise<string> {
  const file = path.join(stateDir, "cluster-id");
  const kept = await fs.readFile(file, "utf8").catch(() => "");
  if (kept !== "") return kept;
  const id = newClusterId();
  await fs.writeFile(file, id);
  return id;
}

/** Like Kafka's own ids, never begins with a dash: on a command line it would be taken for an option. */
export function newClusterId(): string {
  let id: string;
  do id = randomBytes(16).toString("base64url");
  while (id.startsWith("-"));
  return id;
}
