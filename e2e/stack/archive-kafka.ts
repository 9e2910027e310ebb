/**
 * Runs a Kafka once, so that all further ones of this checkout start in half the time. Does nothing where it was done
 * before, or where Kafka does not run on Java.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exists } from "#lib/demo/stack/exists.ts";
import { expectRegistered, newClusterId } from "#lib/demo/stack/kafka.ts";
import { dockerAnswers } from "#lib/demo/stack/kafka-docker.ts";
import { CLASS_ARCHIVE, javaBroker } from "#lib/demo/stack/kafka-java.ts";
import { canRunJava, downloadKafkaLibs, hasKafkaLibs, hasMaven } from "#lib/demo/stack/kafka-libs.ts";
import { openLeash } from "#lib/demo/stack/leash.ts";
import { freePort } from "#lib/demo/stack/ports.ts";
import { temporaryFolder } from "./stack.ts";

/** The classes of what happens after the start are worth having too. */
const LOADS_FOR_MS = 2000;

if (!(await exists(CLASS_ARCHIVE)) && !(await dockerAnswers()) && (await canRunJava())) {
  const leash = openLeash();
  const folder = await temporaryFolder("kafka-archive");
  try {
    if ((await hasKafkaLibs()) || (await hasMaven())) await archive(folder.dir, leash);
  } finally {
    await leash.close();
    await folder.remove();
  }
}

async function archive(stateDir: string, leash: ReturnType<typeof openLeash>): Promise<void> {
  if (!(await hasKafkaLibs())) await downloadKafkaLibs(leash, path.join(stateDir, "maven.log"));
  const ports = { broker: await freePort(), controller: await freePort(), more: {} };
  const options = { leash, stateDir, logFile: path.join(stateDir, "kafka.log"), isShortLived: true };
  const { command, args } = await javaBroker(options, ports, newClusterId());
  const unfinished = `${CLASS_ARCHIVE}.${randomUUID()}`;
  // Not on the leash: it would kill a JVM that takes its time to write.
  const broker = spawn(command, [`-XX:ArchiveClassesAtExit=${unfinished}`, ...args], { stdio: "ignore" });
  const ended = once(broker, "exit");
  const isRegistered = () =>
    expectRegistered(ports.broker).then(
      () => true,
      () => false,
    );
  while (broker.exitCode === null && !(await isRegistered())) await sleep(100);
  await sleep(LOADS_FOR_MS);
  broker.kill("SIGTERM");
  await ended;
  await fs.rename(unfinished, CLASS_ARCHIVE);
}
