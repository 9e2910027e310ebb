/**
 * What a killed Postgres leaves behind. Its children live on until they notice that the postmaster has gone, a busy one
 * until its query ends, and meanwhile Postgres refuses to start a second server on the same data.
 */
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endLeftover } from "./leftover.ts";
import { NotStarted } from "./wait.ts";

const CHILDREN_TIMEOUT_MS = 20_000;
const RETRY_MS = 200;
/** the end of the log: the refusal, and the hint that follows it */
const REFUSAL = /pre-existing shared memory block .* is still in use\n[^\n]*$/;

/** Ends the server of an earlier run whose keeper was killed, and what is left of one that was killed itself. */
export async function endLeftoverServer(dataDir: string): Promise<void> {
  const lockFile = await fs.readFile(path.join(dataDir, "postmaster.pid"), "utf8").catch(() => "");
  await endLeftover(Number(lockFile.split("\n")[0]), dataDir, "SIGINT");
  const deadline = Date.now() + CHILDREN_TIMEOUT_MS;
  for (let pids = await serverProcesses(dataDir); pids.length > 0 && Date.now() < deadline; ) {
    for (const pid of pids) kill(pid);
    await sleep(RETRY_MS);
    pids = await serverProcesses(dataDir);
  }
}

/**
 * Starts a server, again and again for up to `timeoutMs` while Postgres refuses because of the last server's children:
 * where there is no /proc they cannot be found and end by themselves.
 */
export async function onceChildrenEnded<T>(start: () => Promise<T>, timeoutMs = CHILDREN_TIMEOUT_MS): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const isRefused = error instanceof NotStarted && REFUSAL.test(error.message);
      if (!isRefused || Date.now() > deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** The processes of Postgres that work in the data folder; none where there is no /proc. */
async function serverProcesses(dataDir: string): Promise<number[]> {
  const folder = await fs.realpath(dataDir);
  const entries = await fs.readdir("/proc").catch(() => []);
  const pids = entries.filter((name) => /^\d+$/.test(name)).map(Number);
  const isOfServer = await Promise.all(pids.map((pid) => worksIn(pid, folder)));
  return pids.filter((_, index) => isOfServer[index]);
}

/** A process that has ended or belongs to somebody else has no readable folder. */
async function worksIn(pid: number, folder: string): Promise<boolean> {
  const cwd = await fs.readlink(`/proc/${pid}/cwd`).catch(() => "");
  return cwd === folder && (await fs.readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")) === "postgres\n";
}

/** No shutdown in order is possible without a postmaster; the next start recovers from the log as after a crash. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
