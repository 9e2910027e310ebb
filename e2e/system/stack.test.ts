import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import pg from "pg";
import { openLeash } from "#lib/demo/stack/leash.ts";
import { freePort, isPortFree } from "#lib/demo/stack/ports.ts";
import { startKafka, startPostgres, temporaryFolder } from "#e2e/stack/stack.ts";

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

describe("ports", () => {
  it("gives the preferred port when it is free and another when it is taken", async () => {
    const preferred = await freePort();
    assert.equal(await freePort(preferred), preferred);
    const server = net.createServer().listen(preferred, "127.0.0.1");
    await once(server, "listening");
    assert.equal(await isPortFree(preferred), false);
    assert.notEqual(await freePort(preferred), preferred);
    server.close();
  });
});

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

describe("postgres", () => {
  it("keeps its data and address over kill -9 and restart", async () => {
    const postgres = await startPostgres();
    try {
      const query = async (sql: string) => {
        const client = new pg.Client({ connectionString: postgres.url });
        await client.connect();
        try {
          return (await client.query<{ n: number }>(sql)).rows;
        } finally {
          await client.end();
        }
      };
      await query("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
      await postgres.kill9();
      await assert.rejects(query("SELECT 1"));
      await postgres.restart();
      assert.deepEqual(await query("SELECT n FROM kept"), [{ n: 42 }]);
    } finally {
      await postgres.stop();
    }
    assert.equal(await isPortFree(postgres.port), true);
  });

  it("restarts at once after kill -9 while a connection is busy, several times", { timeout: 60_000 }, async () => {
    const postgres = await startPostgres();
    try {
      for (let kill = 1; kill <= 3; kill += 1) {
        const client = new pg.Client({ connectionString: postgres.url });
        client.on("error", () => undefined);
        await client.connect();
        // The backend neither reads nor waits, so that it cannot notice the end of its server.
        await client.query("CREATE TABLE IF NOT EXISTS busy (kill int)");
        await client.query("INSERT INTO busy VALUES ($1)", [kill]);
        const isBroken = assert.rejects(client.query("DO $$ BEGIN LOOP END LOOP; END $$"));
        await postgres.kill9();
        await postgres.restart();
        await isBroken;
        const again = new pg.Client({ connectionString: postgres.url });
        await again.connect();
        assert.equal((await again.query("SELECT * FROM busy")).rowCount, kill);
        await again.end();
      }
    } finally {
      await postgres.stop();
    }
  });
});

describe("kafka", () => {
  it("keeps its records and address over kill -9 and restart", async () => {
    const kafka = await startKafka();
    try {
      const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
      const producer = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).producer();
      await admin.connect();
      await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "kept", numPartitions: 1 }] });
      await producer.connect();
      await producer.send({ topic: "kept", messages: [{ value: "1" }, { value: "2" }] });
      await producer.disconnect();
      await kafka.kill9();
      await kafka.restart();
      const offsets = await admin.fetchTopicOffsets("kept");
      assert.equal(offsets[0]?.high, "2");
      await admin.disconnect();
    } finally {
      await kafka.stop();
    }
  });
});
