/** Kafka on Java, with jars from Maven. */
import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { exists } from "./exists.ts";
import { KAFKA_LIBS_DIR } from "./kafka-libs.ts";
import { HEAP_MIB, type KafkaOptions } from "./kafka-options.ts";
import { asProperties, kafkaSettings, type KafkaPorts } from "./kafka-settings.ts";
import type { LeashedCommand } from "./leash-protocol.ts";

const run = promisify(execFile);
const CLASS_PATH = path.join(KAFKA_LIBS_DIR, "*");
/** JVM options for short-lived processes: no second compiler, a simple garbage collector. */
const QUICK_START = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];
/**
 * Kafka's classes as a JVM has loaded them once: a broker then starts with half the work. A JVM that the archive does
 * not fit goes on without it.
 */
export const CLASS_ARCHIVE = path.join(KAFKA_LIBS_DIR, "classes.jsa");

export async function javaBroker(options: KafkaOptions, ports: KafkaPorts, clusterId: string): Promise<LeashedCommand> {
  const dataDir = path.join(options.stateDir, "data");
  const properties = path.join(options.stateDir, "server.properties");
  await fs.writeFile(
    properties,
    asProperties({ ...kafkaSettings(ports, dataDir, "127.0.0.1", options.listeners), ...options.settings }),
  );
  const quickStart = [
    ...QUICK_START,
    ...((await exists(CLASS_ARCHIVE)) ? [`-XX:SharedArchiveFile=${CLASS_ARCHIVE}`] : []),
  ];
  if (!(await hasJavaData(options.stateDir))) {
    const format = ["kafka.tools.StorageTool", "format", "-t", clusterId, "-c", properties];
    await run("java", [...quickStart, "-cp", CLASS_PATH, ...format]);
  }
  return {
    name: "kafka",
    command: "java",
    args: [
      "-Xms256m",
      `-Xmx${options.heapMiB ?? HEAP_MIB}m`,
      "-XX:+ExitOnOutOfMemoryError",
      ...(options.isShortLived === true ? quickStart : []),
      "-cp",
      CLASS_PATH,
      "kafka.Kafka",
      properties,
    ],
    cwd: options.stateDir,
    logFile: options.logFile,
    stopSignal: "SIGTERM",
  };
}

/** Whether the state folder holds data written by a broker on Java. */
export const hasJavaData = (stateDir: string): Promise<boolean> =>
  exists(path.join(stateDir, "data", "meta.properties"));
