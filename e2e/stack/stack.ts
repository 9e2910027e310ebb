/**
 * The demo's stack for tests: temporary state, free ports, the same jars; everything stopped and removed at the end.
 */
import fs from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { startKafka as startDemoKafka, type RunningKafka } from "#lib/demo/stack/kafka.ts";
import { deleteKafkaVolume } from "#lib/demo/stack/kafka-docker.ts";
import type { KafkaOptions } from "#lib/demo/stack/kafka-options.ts";
import { openLeash } from "#lib/demo/stack/leash.ts";
import { startRabbit as startDemoRabbit, type RabbitOptions, type RunningRabbit } from "#lib/demo/stack/rabbitmq.ts";
import { startPostgres as startDemoPostgres, type RunningPostgres } from "#lib/demo/stack/postgres.ts";
import { outsideDirOf } from "#lib/demo/stack/postgres-home.ts";
import type { PostgresOptions } from "#lib/demo/stack/postgres-options.ts";
import { copyTemplate } from "./postgres-template.ts";

/** A whole run of tests has a folder of its own, so that it can remove what a killed test left. */
const TEST_STATE = process.env["FLOWTAP_TEST_DIR"] ?? path.resolve(import.meta.dirname, "../../.flowtap/test");

/**
 * A folder that is gone after `remove`; not in the system's temp folder, whose private folders Postgres's
 * user cannot enter.
 */
export async function temporaryFolder(name: string): Promise<{ dir: string; remove: () => Promise<void> }> {
  await fs.mkdir(TEST_STATE, { recursive: true });
  const dir = await fs.mkdtemp(path.join(TEST_STATE, `${name}-`));
  await fs.chmod(dir, 0o755);
  return { dir, remove: () => fs.rm(dir, { recursive: true, force: true }) };
}

/** A Postgres with an empty database. `stop` removes its data too. */
export async function startPostgres(identity?: PostgresOptions["identity"]): Promise<RunningPostgres> {
  const leash = openLeash();
  const folder = await temporaryFolder("postgres");
  const remove = async () => {
    await leash.close();
    await folder.remove();
    await fs.rm(outsideDirOf(folder.dir), { recursive: true, force: true });
  };
  try {
    await copyTemplate(folder.dir);
    const running = await startDemoPostgres({
      leash,
      stateDir: folder.dir,
      logFile: path.join(folder.dir, "postgres.log"),
      ...(identity && { identity }),
    });
    return { ...running, stop: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * A pool whose connections may outlive `end()` by a moment: a Postgres that stops meanwhile is no fault of the test.
 */
export function openPool(connectionString: string, max = 4): pg.Pool {
  const pool = new pg.Pool({ connectionString, max });
  pool.on("error", () => undefined);
  return pool;
}

/** An empty RabbitMQ, or null where none can be started. `stop` removes its data too. */
export async function startRabbit(options: Pick<RabbitOptions, "settings"> = {}): Promise<RunningRabbit | null> {
  const leash = openLeash();
  const folder = await temporaryFolder("rabbitmq");
  const remove = async () => {
    await leash.close();
    await folder.remove();
  };
  try {
    const running = await startDemoRabbit({
      leash,
      stateDir: folder.dir,
      logFile: path.join(folder.dir, "rabbitmq.log"),
      ...options,
    });
    if (running === null) await remove();
    return running && { ...running, stop: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** An empty Kafka, for a test unless it says otherwise. `stop` removes its data too. */
export async function startKafka(
  options: Pick<KafkaOptions, "settings" | "listeners" | "heapMiB" | "isShortLived"> = {},
): Promise<RunningKafka> {
  const leash = openLeash();
  const folder = await temporaryFolder("kafka");
  const remove = async () => {
    await leash.close();
    await deleteKafkaVolume(folder.dir);
    await folder.remove();
  };
  try {
    const running = await startDemoKafka({
      leash,
      stateDir: folder.dir,
      logFile: path.join(folder.dir, "kafka.log"),
      isShortLived: true,
      ...options,
    });
    return { ...running, stop: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Stoppable {
  stop(): Promise<unknown>;
}

/**
 * Both or neither: when one cannot be started the other is stopped again, so that the test fails rather
 * than waits for it.
 */
export async function startBoth<A extends Stoppable, B extends Stoppable>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === "fulfilled" && b.status === "fulfilled") return [a.value, b.value];
  for (const one of [a, b]) if (one.status === "fulfilled") await one.value.stop();
  throw a.status === "rejected" ? a.reason : (b as PromiseRejectedResult).reason;
}
