/** Kafka's jars, brought by Maven once and kept for every demo and test of this checkout. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { tailOfLog } from "./bounded-log.ts";
import type { Leash } from "./leash.ts";

const run = promisify(execFile);
const LOWEST_JAVA = 17;
const COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

export const KAFKA_LIBS_DIR = path.resolve(import.meta.dirname, "../../../.flowtap/kafka-libs");

/** The version of the `java` on the path, null when there is none. */
async function javaVersion(): Promise<number | null> {
  const said = await run("java", ["-version"]).then(
    ({ stderr }) => stderr,
    () => "",
  );
  const match = /version "(?:1\.)?(\d+)/.exec(said);
  return match === null ? null : Number(match[1]);
}

export async function canRunJava(): Promise<boolean> {
  return ((await javaVersion()) ?? 0) >= LOWEST_JAVA;
}

export async function haveKafkaLibs(): Promise<boolean> {
  return fs.stat(KAFKA_LIBS_DIR).then(
    () => true,
    () => false,
  );
}

export async function haveMaven(): Promise<boolean> {
  return run("mvn", ["-v"]).then(
    () => true,
    () => false,
  );
}

export async function fetchKafkaLibs(leash: Leash, logFile: string): Promise<void> {
  // Two brokers may be started at once, by one process too: each fetch has a folder of its own until it is whole.
  const unfinished = `${KAFKA_LIBS_DIR}.${randomUUID()}`;
  const maven = await leash.start({
    name: "maven",
    command: "mvn",
    args: [
      "-B",
      "-q",
      "-f",
      path.join(import.meta.dirname, "kafka-pom.xml"),
      COPY_DEPENDENCIES,
      "-DincludeScope=runtime",
      `-DoutputDirectory=${unfinished}`,
    ],
    logFile,
    stopSignal: "SIGTERM",
  });
  const exit = await maven.exited;
  if (exit.code !== 0) {
    await fs.rm(unfinished, { recursive: true, force: true });
    throw new Error(
      `Maven could not bring Kafka's jars (${exit.signal ?? `code ${exit.code}`}):\n${tailOfLog(logFile)}`,
    );
  }
  try {
    await fs.rename(unfinished, KAFKA_LIBS_DIR);
  } catch (error) {
    // Another demo or test of this checkout was faster; its jars are the same.
    if (!(await haveKafkaLibs())) throw error;
    await fs.rm(unfinished, { recursive: true, force: true });
  }
}
