import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { ensurePartitions } from "../db/hourly-partitions.ts";
import { readPositions } from "./positions.ts";
import { closeTruncatedEnd } from "./truncated-log.ts";

describe("a log that lost its end", () => {
  let postgres: MigratedPostgres;
  let pool: pg.Pool;
  before(async () => {
    postgres = await startMigratedPostgres();
    pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
    await ensurePartitions(pool, new Date());
    await pool.query("INSERT INTO clusters (id, name, system) VALUES (1, 'c', 'kafka')");
    await pool.query("INSERT INTO destinations (id, cluster_id, name, tapped) VALUES (1000, 1, 'orders', true)");
    await pool.query(
      "INSERT INTO tap_positions (destination_id, partition, next, stored_at) VALUES (1000, 0, 9, now())",
    );
    await pool.query(`
      INSERT INTO events (stored_at, occurred_at, position, destination_id, partition, size_bytes, flags)
      SELECT date_trunc('second', now()) - CASE WHEN n < 6 THEN interval '1 s' ELSE interval '0' END, now(), n, 1000,
        p, 1, 0
      FROM generate_series(0, 8) n, generate_series(0, 1) p`);
    await pool.query(`
      INSERT INTO event_batches (
        stored_at, destination_id, partition, first_position, last_position, first_occurred_at, last_occurred_at,
        events, xid
      )
      SELECT stored_at, destination_id, partition, min(position), max(position), min(occurred_at), max(occurred_at),
        count(*), 1
      FROM events
      GROUP BY 1, 2, 3`);
  });
  after(async () => {
    await pool.end();
    await postgres.stop();
  });

  const lines = async (sql: string) => (await pool.query<{ line: string }>(sql)).rows.map(({ line }) => line);

  it("keeps what was read of that end under another name, and goes back to where the log ends", async () => {
    const at = { destinationId: 1000, partition: 0, to: 4n };
    assert.equal(await closeTruncatedEnd(pool, at), 5);
    assert.equal(await closeTruncatedEnd(pool, at), 0, "a second tap finds it done");
    assert.deepEqual(await readPositions(pool, [at]), [{ next: 4n, resumeFrom: 4n, leaderEpoch: -1 }]);
    assert.deepEqual(
      await lines(`
        SELECT concat_ws(' ', d.name, e.partition, min(e.position), max(e.position), count(*)) AS line
        FROM events e
        JOIN destinations d ON d.id = e.destination_id
        GROUP BY d.name, e.partition
        ORDER BY d.name, e.partition`),
      ["orders 0 0 3 4", "orders 1 0 8 9", "orders~1 0 4 8 5"],
    );
    assert.deepEqual(
      await lines(`
        SELECT concat_ws(' ', d.name, b.partition, b.first_position, b.last_position, b.events) AS line
        FROM event_batches b
        JOIN destinations d ON d.id = b.destination_id
        ORDER BY d.name, b.partition, b.first_position`),
      ["orders 0 0 3 4", "orders 1 0 5 6", "orders 1 6 8 3", "orders~1 0 4 5 2", "orders~1 0 6 8 3"],
    );
    assert.deepEqual(
      await lines(
        `
          SELECT concat_ws(' ', name, generation, generation_of, gone_at IS NOT NULL) AS line
          FROM destinations
          ORDER BY name`,
      ),
      ["orders 2 f", "orders~1 1 orders t"],
    );
  });
});
