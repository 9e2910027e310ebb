/** A Kafka of our own: in Docker where an engine answers, else on Java with jars from Maven. */
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { tailOfLog } from "./bounded-log.ts";
import { KAFKA_LIBS_DIR, canRunJava, fetchKafkaLibs, haveKafkaLibs, haveMaven } from "./kafka-libs.ts";
import {
  asImageEnvironment,
  asProperties,
  kafkaSettings,
  type KafkaListener,
  type KafkaPorts,
} from "./kafka-settings.ts";
import type { Leash, LeashedCommand, LeashedProcess } from "./leash.ts";
import { endLeftover } from "./leftover.ts";
import { freePort } from "./ports.ts";
import { NotStarted, untilReady } from "./wait.ts";

const run = promisify(execFile);
const IMAGE = "apache/kafka:4.3.1";
const START_TIMEOUT_MS = 90_000;

export interface KafkaOptions {
  readonly leash: Leash;
  readonly stateDir: string;
  readonly logFile: string;
  readonly preferredPort?: number;
  /** broker settings beyond ours, by their Kafka names */
  readonly settings?: Readonly<Record<string, string>>;
  /** beside the plain one, each on a port of its own, by name */
  readonly listeners?: Readonly<Record<string, KafkaListener>>;
  /** the broker's; thousands of partitions want more */
  readonly heapMiB?: number;
  /** started for a test: its code is compiled quickly rather than well */
  readonly isShortLived?: boolean;
  readonly note?: (line: string) => void;
}

const HEAP_MIB = 512;
/** for what ends before Java's second compiler has paid for itself */
const QUICK_START = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

export interface RunningKafka {
  readonly brokers: string[];
  readonly port: number;
  /** where each further listener is, by name */
  readonly listeners: Readonly<Record<string, string>>;
  readonly how: "docker" | "java";
  /** the folder of Kafka's jars, which hold the console tools too; null in Docker */
  readonly libs: string | null;
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Starts it again on the same port with the same data, whatever ended it. */
  restart(): Promise<void>;
}

const THREE_WAYS = [
  "Kafka cannot be started here. Any one of these will do:",
  "  1. set KAFKA_BROKERS=host:port to a Kafka that runs already",
  "  2. start Docker (the image apache/kafka is used)",
  "  3. install Java 17 or newer, and Maven",
].join("\n");

/** Throws an Error whose message names the three ways out when none is open. */
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
    // Somebody may have taken a port between our look and the broker's.
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
      if (how === "docker") await run("docker", ["kill", containerName(options.stateDir)]);
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
  // Data written by the one cannot be read by the other: what was begun goes on.
  const begunOnJava = await fs.stat(path.join(options.stateDir, "data", "meta.properties")).then(
    () => true,
    () => false,
  );
  const java = await canRunJava();
  if (!(begunOnJava && java) && (await dockerAnswers()) && (await bringImage(options))) return "docker";
  if (!java) throw new Error(THREE_WAYS);
  if (!(await haveKafkaLibs())) {
    if (!(await haveMaven())) throw new Error(THREE_WAYS);
    options.note?.("Kafka: Maven brings the jars (54 MB, once)");
    await fetchKafkaLibs(options.leash, path.join(path.dirname(options.logFile), "maven.log"));
  }
  return "java";
}

const dockerAnswers = () =>
  run("docker", ["info"], { timeout: 5_000 }).then(
    () => true,
    () => false,
  );

/** Before the broker's time to start begins: a first download may take longer than that. */
async function bringImage(options: KafkaOptions): Promise<boolean> {
  if (
    await run("docker", ["image", "inspect", IMAGE]).then(
      () => true,
      () => false,
    )
  )
    return true;
  options.note?.(`Kafka: Docker brings the image ${IMAGE} (once)`);
  const logFile = path.join(path.dirname(options.logFile), "docker-pull.log");
  const pull = await options.leash.start({
    name: "docker-pull",
    command: "docker",
    args: ["pull", "--quiet", IMAGE],
    logFile,
    stopSignal: "SIGTERM",
  });
  const { code } = await pull.exited;
  if (code !== 0) options.note?.(`Kafka: Docker could not bring it, so Java is tried: ${tailOfLog(logFile).trim()}`);
  return code === 0;
}

async function startBroker(options: KafkaOptions, command: LeashedCommand, ports: KafkaPorts): Promise<LeashedProcess> {
  const pidFile = path.join(options.stateDir, "broker.pid");
  // A broker whose keeper was killed too would hold the data; in Docker the container's name finds it.
  const leftover = await fs.readFile(pidFile, "utf8").catch(() => "");
  await endLeftover(Number(leftover), options.stateDir, "SIGTERM");
  const broker = await options.leash.start(command);
  await fs.writeFile(pidFile, String(broker.pid));
  try {
    await untilReady(broker, START_TIMEOUT_MS, () => describeCluster(ports.broker));
  } catch (error) {
    await broker.stop();
    if (error instanceof NotStarted) throw new NotStarted(`${error.message}\n${tailOfLog(options.logFile)}`);
    throw error;
  }
  return broker;
}

async function describeCluster(port: number): Promise<void> {
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
    if (brokers.length === 0) throw new Error("the broker has not registered yet");
  } finally {
    await admin.disconnect();
  }
}

async function javaBroker(options: KafkaOptions, ports: KafkaPorts, clusterId: string): Promise<LeashedCommand> {
  const dataDir = path.join(options.stateDir, "data");
  const properties = path.join(options.stateDir, "server.properties");
  await fs.writeFile(
    properties,
    asProperties({ ...kafkaSettings(ports, dataDir, "127.0.0.1", options.listeners), ...options.settings }),
  );
  const classPath = path.join(KAFKA_LIBS_DIR, "*");
  const formatted = await fs.stat(path.join(dataDir, "meta.properties")).then(
    () => true,
    () => false,
  );
  if (!formatted)
    await run("java", [
      ...QUICK_START,
      "-cp",
      classPath,
      "kafka.tools.StorageTool",
      "format",
      "-t",
      clusterId,
      "-c",
      properties,
    ]);
  return {
    name: "kafka",
    command: "java",
    args: [
      "-Xms256m",
      `-Xmx${options.heapMiB ?? HEAP_MIB}m`,
      "-XX:+ExitOnOutOfMemoryError",
      ...(options.isShortLived === true ? QUICK_START : []),
      "-cp",
      classPath,
      "kafka.Kafka",
      properties,
    ],
    cwd: options.stateDir,
    logFile: options.logFile,
    stopSignal: "SIGTERM",
  };
}

async function dockerBroker(options: KafkaOptions, ports: KafkaPorts, clusterId: string): Promise<LeashedCommand> {
  const name = containerName(options.stateDir);
  const dataDir = "/var/lib/kafka/data";
  // A container that outlived its keeper would hold the name.
  await run("docker", ["rm", "-f", name]).catch(() => undefined);
  const environment = {
    CLUSTER_ID: clusterId,
    KAFKA_HEAP_OPTS: `-Xms256m -Xmx${options.heapMiB ?? HEAP_MIB}m`,
    ...asImageEnvironment({ ...kafkaSettings(ports, dataDir, "0.0.0.0", options.listeners), ...options.settings }),
  };
  return {
    name: "kafka",
    command: "docker",
    args: [
      ...["run", "--rm", "--name", name, "-v", `${name}:${dataDir}`],
      ...[ports.broker, ...Object.values(ports.more)].flatMap((port) => ["-p", `127.0.0.1:${port}:${port}`]),
      ...Object.entries(environment).flatMap(([key, value]) => ["-e", `${key}=${value}`]),
      IMAGE,
    ],
    logFile: options.logFile,
    stopSignal: "SIGTERM",
    afterExit: ["docker", "rm", "-f", name],
  };
}

const containerName = (stateDir: string): string =>
  `flowtap-kafka-${createHash("sha256").update(path.resolve(stateDir)).digest("hex").slice(0, 12)}`;

/** Forgets what a Docker engine keeps for this state folder; the folder itself is the caller's to remove. */
export async function forgetKafka(stateDir: string): Promise<void> {
  if (await dockerAnswers())
    await run("docker", ["volume", "rm", "-f", containerName(stateDir)]).catch(() => undefined);
}

async function keptClusterId(stateDir: string): Promise<string> {
  const file = path.join(stateDir, "cluster-id");
  const kept = await fs.readFile(file, "utf8").catch(() => "");
  if (kept !== "") return kept;
  let id: string;
  // Kafka's own ids never begin with a dash either: on a command line it would be taken for an option.
  do id = randomBytes(16).toString("base64url");
  while (id.startsWith("-"));
  await fs.writeFile(file, id);
  return id;
}
