import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { dropExpiredPartitions, ensurePartitions } from "./db/hourly-partitions.ts";
import { deleteExpiredRows, stopDeadTaps, summariseClosedPartitions } from "./housekeeping.ts";

const HOUR_MS = 3_600_000;

describe("housekeeping on a real Postgres", () => {
  let postgres: MigratedPostgres;
  let pool: pg.Pool;
  before(async () => {
    postgres = await startMigratedPostgres();
    ({ pool } = postgres.database);
    await ensurePartitions(pool, new Date());
  });
  after(() => postgres.stop());

  it("drops hours past the retention and keeps younger ones", async () => {
    const now = Date.now();
    await ensurePartitions(pool, new Date(now - 10 * HOUR_MS));
    const aged = new Date(now - 8 * HOUR_MS);
    for (const at of [aged, new Date(now)]) {
      await pool.query(
        `
          INSERT INTO publish_rollups (bucket, destination_id, service_id, type_id, tap_id, events, bytes, errors)
          VALUES ($1, 1, 1, 1, 1, 1, 1, 0)`,
        [at],
      );
      await pool.query("INSERT INTO tap_processes (host, pid, version, heartbeat_at) VALUES ('h', 1, '0', $1)", [at]);
    }
    const before = new Date(now - 5 * HOUR_MS);
    const dropped = await dropExpiredPartitions(pool, before);
    assert.ok(
      dropped.length > 0 && dropped.every((name) => /^(events|event_batches|group_commits)_\d{10}$/.test(name)),
      dropped.join(", "),
    );
    const { client } = postgres;
    assert.equal(await deleteExpiredRows(client, before, 1), true, "says that a full batch may have left some");
    assert.equal(await deleteExpiredRows(client, before, 1), false);
    assert.equal((await client.query("SELECT * FROM publish_rollups")).rowCount, 1);
    assert.equal(await stopDeadTaps(client, 120), 1);
    assert.deepEqual(
      (await client.query("SELECT stopped_at IS NULL AS alive FROM tap_processes ORDER BY heartbeat_at")).rows,
      [{ alive: false }, { alive: true }],
    );
    await summariseClosedPartitions(client, [new Date(now).toISOString().slice(0, 13).replaceAll(/[-T]/g, "")]);
    assert.deepEqual(await dropExpiredPartitions(pool, before), []);
    await ensurePartitions(pool, new Date());
  });
});
