/** Kafka's jars, downloaded by Maven once for all demos and tests of this checkout. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { tailOfLog } from "./bounded-log.ts";
import { exists } from "./exists.ts";
import type { Leash } from "./leash.ts";

const run = promisify(execFile);
const MIN_JAVA_VERSION = 17;
const COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

export const KAFKA_LIBS_DIR = path.resolve(import.meta.dirname, "../../../.flowtap/kafka-libs");

/** The major version of the `java` on the path; null if there is none. */
async function javaVersion(): Promise<number | null> {
  const output = await run("java", ["-version"]).then(
    ({ stderr }) => stderr,
    () => "",
  );
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match === null ? null : Number(match[1]);
}

export async function canRunJava(): Promise<boolean> {
  return ((await javaVersion()) ?? 0) >= MIN_JAVA_VERSION;
}

export const hasKafkaLibs = (): Promise<boolean> => exists(KAFKA_LIBS_DIR);

export async function hasMaven(): Promise<boolean> {
  return run("mvn", ["-v"]).then(
    () => true,
    () => false,
  );
}

export async function downloadKafkaLibs(leash: Leash, logFile: string): Promise<void> {
  // Two brokers may start at the same time, so each download goes to its own folder until it is complete.
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
    // Another demo or test of this checkout was faster and downloaded the same jars.
    if (!(await hasKafkaLibs())) throw error;
    await fs.rm(unfinished, { recursive: true, force: true });
  }
}
