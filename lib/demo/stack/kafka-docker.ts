/** Kafka in Docker. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";
import { tailOfLog } from "./bounded-log.ts";
import { HEAP_MIB, type KafkaOptions } from "./kafka-options.ts";
import { asImageEnvironment, kafkaSettings, type KafkaPorts } from "./kafka-settings.ts";
import type { LeashedCommand } from "./leash-protocol.ts";

const run = promisify(execFile);
const IMAGE = "apache/kafka:4.3.1";

export const dockerAnswers = () =>
  run("docker", ["info"], { timeout: 5_000 }).then(
    () => true,
    () => false,
  );

/** Downloads the image if needed; false if Docker cannot. Done before the broker's start timeout begins. */
export async function pullImage(options: KafkaOptions): Promise<boolean> {
  const isPresent = await run("docker", ["image", "inspect", IMAGE]).then(
    () => true,
    () => false,
  );
  if (isPresent) return true;
  options.note?.(`Kafka: Docker downloads the image ${IMAGE} (once)`);
  const logFile = path.join(path.dirname(options.logFile), "docker-pull.log");
  const pull = await options.leash.start({
    name: "docker-pull",
    command: "docker",
    args: ["pull", "--quiet", IMAGE],
    logFile,
    stopSignal: "SIGTERM",
  });
  const { code } = await pull.exited;
  if (code !== 0) options.note?.(`Kafka: Docker could not download it, so Java is used: ${tailOfLog(logFile).trim()}`);
  return code === 0;
}

export async function dockerBroker(
  options: KafkaOptions,
  ports: KafkaPorts,
  clusterId: string,
): Promise<LeashedCommand> {
  const name = containerName(options.stateDir);
  const dataDir = "/var/lib/kafka/data";
  // Remove a container of an earlier run whose keeper was killed: it would block the name.
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

export const killContainer = (stateDir: string): Promise<unknown> => run("docker", ["kill", containerName(stateDir)]);

/** Deletes the Docker volume with the data of this state folder, but not the folder itself. */
export async function deleteKafkaVolume(stateDir: string): Promise<void> {
  if (await dockerAnswers())
    await run("docker", ["volume", "rm", "-f", containerName(stateDir)]).catch(() => undefined);
}

const containerName = (stateDir: string): string =>
  `flowtap-kafka-${createHash("sha256").update(path.resolve(stateDir)).digest("hex").slice(0, 12)}`;
