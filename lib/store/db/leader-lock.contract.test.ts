/** Leaders that stop without a word: another takes over, and the one that stopped can write nothing more. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { takeLeadership } from "./leader-lock.ts";

/** Takes the lock in a thread, and then computes without an end, as a process that is stopped: nothing is renewed. */
const STOPPED = `
  import { parentPort, workerData } from "node:worker_threads";
  import { openDatabase } from ${JSON.stringify(new URL("./database.ts", import.meta.url).href)};
  import { takeLeadership } from ${JSON.stringify(new URL("./leader-lock.ts", import.meta.url).href)};
  const database = openDatabase({ url: workerData });
  const lead = await takeLeadership(database, "inspect", 7);
  await lead.client.query("BEGIN");
  await lead.client.query("INSERT INTO cursors (name, value, updated_at) VALUES ('stopped', '1', now())");
  parentPort.postMessage("leads");
  await new Promise((resolve) => setTimeout(resolve, 100));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 13_000);
  const outcome = await lead.client.query("COMMIT").then(() => "wrote", () => "refused");
  await new Promise((resolve) => setTimeout(resolve, 100));
  parentPort.postMessage({ outcome, lost: lead.lost.aborted });
`;

describe("leadership", () => {
  let postgres: MigratedPostgres;
  before(async () => void (postgres = await startMigratedPostgres()));
  after(() => postgres.stop());
  const leases = async () => (await postgres.client.query("SELECT FROM leader_leases")).rowCount;

  it("is one process's, until it gives it back", async () => {
    const first = await takeLeadership(postgres.database, "alerts", 1);
    assert.ok(first);
    assert.equal(await takeLeadership(postgres.database, "alerts", 1), null);
    const other = await takeLeadership(postgres.database, "alerts", 2);
    assert.ok(other);
    await Promise.all([first.release(), other.release()]);
    const again = await takeLeadership(postgres.database, "alerts", 1);
    await again?.release();
    assert.ok(again);
    assert.equal(await leases(), 0);
  });

  it("stays with a leader whose work keeps its connection busy", { timeout: 30_000 }, async () => {
    const lead = await takeLeadership(postgres.database, "alerts", 1);
    const busy = lead?.client.query("SELECT pg_sleep(11)");
    for (let i = 0; i < 10; i++) {
      assert.equal(await takeLeadership(postgres.database, "alerts", 1), null);
      await sleep(1000);
    }
    await busy;
    assert.equal(lead?.lost.aborted, false);
    await lead.release();
  });

  it("passes on from one that stopped, and nothing that one writes counts", { timeout: 40_000 }, async () => {
    const source = `data:text/javascript,${encodeURIComponent(STOPPED)}`;
    const thread = new Worker(new URL(source), { workerData: postgres.url });
    const messages: unknown[] = [];
    thread.on("message", (message) => messages.push(message));
    while (messages.length === 0) await sleep(20);
    const startedAt = performance.now();
    let next: Awaited<ReturnType<typeof takeLeadership>> = null;
    while (next === null) {
      next = await takeLeadership(postgres.database, "inspect", 7);
      await sleep(500);
    }
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs > 5000 && tookMs < 12_000, `${tookMs} ms`);
    while (messages.length === 1) await sleep(50);
    assert.deepEqual(messages[1], { outcome: "refused", lost: true });
    assert.equal((await postgres.client.query("SELECT FROM cursors WHERE name = 'stopped'")).rowCount, 0);
    assert.equal(next.lost.aborted, false);
    await next.release();
    await thread.terminate();
  });

  it("is lost when another has taken the lease", { timeout: 10_000 }, async () => {
    const lead = await takeLeadership(postgres.database, "alerts", 3);
    await postgres.client.query("UPDATE leader_leases SET backend_pid = 0 WHERE lock_id = 3");
    while (lead?.lost.aborted === false) await sleep(50);
    await assert.rejects(async () => lead?.client.query("SELECT 1"));
    await lead?.release();
  });
});
