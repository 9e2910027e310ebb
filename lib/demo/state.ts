/** The state folder of the demo: allows one run at a time, keeps ports between runs, and describes the running demo. */
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { deleteKafkaVolume } from "./stack/kafka-docker.ts";
import { commandLineOf } from "./stack/leftover.ts";
import { freePort } from "./stack/ports.ts";
import { outsideDirOf } from "./stack/postgres-home.ts";

export const ROOT = path.resolve(import.meta.dirname, "../..");
export const STATE_DIR = path.resolve(process.env["FLOWTAP_STATE_DIR"] ?? path.join(ROOT, ".flowtap/demo"));

export const stateDirs = {
  postgres: path.join(STATE_DIR, "postgres"),
  kafka: path.join(STATE_DIR, "kafka"),
  services: path.join(STATE_DIR, "services"),
  logs: path.join(STATE_DIR, "logs"),
} as const;
export const logFileOf = (name: string): string => path.join(stateDirs.logs, `${name}.log`);

const DEFAULT_WEB_PORT = 3000;
/** The keeper of an earlier run stops its children within 8 s after that run was killed. */
const KEEPER_TIMEOUT_MS = 15_000;

export interface RunFile {
  readonly pid: number;
  readonly keeperPid: number | undefined;
  readonly url?: string;
  readonly controlUrl?: string;
  readonly brokers?: readonly string[];
  readonly databaseUrl?: string;
  /** service → its base URL, which serves /counts and its own paths */
  readonly services?: Readonly<Record<string, string>>;
}
const RUN_FILE = path.join(STATE_DIR, "run.json");

export async function readRun(): Promise<RunFile | null> {
  const text = await fs.readFile(RUN_FILE, "utf8").catch(() => null);
  if (text === null) return null;
  const run = JSON.parse(text) as RunFile;
  return (await commandLineOf(run.pid)).includes("demo/main.ts") ? run : null;
}

export async function writeRun(run: RunFile): Promise<void> {
  await fs.mkdir(STATE_DIR, { recursive: true });
  await fs.writeFile(`${RUN_FILE}.new`, JSON.stringify(run, null, 2), { mode: 0o600 });
  await fs.rename(`${RUN_FILE}.new`, RUN_FILE);
}

export const deleteRun = (): Promise<void> => fs.rm(RUN_FILE, { force: true });

/** Refuses if another demo uses the folder; waits until the processes of a killed one have ended. */
export async function claimState(): Promise<Result<void, string>> {
  const running = await readRun();
  if (running !== null) {
    const where = running.url === undefined ? "" : ` at ${running.url}`;
    return err(`A demo is already running in this folder${where} (process ${running.pid}).`);
  }
  const last = await fs.readFile(RUN_FILE, "utf8").then(
    (text) => JSON.parse(text) as RunFile,
    () => null,
  );
  const deadline = Date.now() + KEEPER_TIMEOUT_MS;
  while (
    last?.keeperPid !== undefined &&
    (await commandLineOf(last.keeperPid)).includes("leash-keeper") &&
    Date.now() < deadline
  )
    await sleep(200);
  return ok(undefined);
}

/** `--fresh`: deletes all stored data; downloads and builds are elsewhere and are kept. */
export async function deleteState(): Promise<void> {
  await deleteKafkaVolume(stateDirs.kafka);
  await fs.rm(outsideDirOf(stateDirs.postgres), { recursive: true, force: true });
  await fs.rm(STATE_DIR, { recursive: true, force: true });
}

/** Ports stay the same between runs if they are free, so that bookmarks and connected tools keep working. */
export async function openPorts(): Promise<(name: string, preferred?: number) => Promise<number>> {
  const file = path.join(STATE_DIR, "ports.json");
  await fs.mkdir(STATE_DIR, { recursive: true });
  const kept = await fs.readFile(file, "utf8").then(
    (text) => JSON.parse(text) as Record<string, number>,
    (): Record<string, number> => ({ web: DEFAULT_WEB_PORT }),
  );
  return async (name, preferred) => {
    kept[name] = await freePort(preferred ?? kept[name]);
    await fs.writeFile(file, JSON.stringify(kept));
    return kept[name];
  };
}
