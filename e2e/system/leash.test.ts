import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openLeash } from "#lib/demo/stack/leash.ts";
import { temporaryFolder } from "#e2e/stack/stack.ts";

/** A process that has ended but was not yet collected by its parent is not alive. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await fs.readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return !/\) Z /.test(stat);
}
const alive = async (pids: readonly number[]) => {
  const states = await Promise.all(pids.map(isAlive));
  return pids.filter((_, index) => states[index]);
};

async function untilGone(pids: readonly number[], timeoutMs: number): Promise<number[]> {
  const deadline = Date.now() + timeoutMs;
  while ((await alive(pids)).length > 0 && Date.now() < deadline) await sleep(100);
  return alive(pids);
}

describe("leash", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder("leash");
  });
  after(() => folder.remove());

  it("stops a process with the children it started, and says how it ended", async () => {
    const leash = openLeash();
    const logFile = path.join(folder.dir, "tree.log");
    const started = await leash.start({
      name: "tree",
      command: "sh",
      args: ["-c", "sleep 1000 & echo $!; wait"],
      logFile,
      stopSignal: "SIGTERM",
    });
    let grandchild = 0;
    while (!(grandchild > 0)) {
      await sleep(50);
      grandchild = Number(await fs.readFile(logFile, "utf8"));
    }
    assert.deepEqual(await started.stop(), { code: null, signal: "SIGTERM" });
    assert.deepEqual(await untilGone([started.pid, grandchild], 2_000), []);
    await leash.close();
  });

  it("refuses what cannot be started with its name", async () => {
    const leash = openLeash();
    await assert.rejects(
      leash.start({
        name: "nothing",
        command: "/does/not/exist",
        args: [],
        logFile: path.join(folder.dir, "nothing.log"),
        stopSignal: "SIGTERM",
      }),
      /nothing: .*ENOENT/,
    );
    await leash.close();
  });

  it("leaves nothing behind when its holder is killed with -9, not even what ignores SIGTERM", async () => {
    const holder = spawn(process.execPath, [path.join(import.meta.dirname, "leash-holder.ts"), folder.dir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(holder.stdout, "data")) as [Buffer];
    const pids = line.toString().trim().split(" ").map(Number);
    assert.equal((await alive(pids)).length, 3);
    holder.kill("SIGKILL");
    assert.deepEqual(await untilGone(pids, 15_000), []);
  });
});
