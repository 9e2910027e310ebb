import assert from "node:assert/strict";
import { it } from "node:test";
import { startMigratedPostgres } from "#e2e/stack/migrated.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { inFlush } from "./flush.ts";
import { correctRoles, type RoleRow } from "./roles.ts";

it("a destination's role follows its records, but not a few of many", async () => {
  const postgres = await startMigratedPostgres();
  const { pool } = postgres.database;
  const roleAfter = async (name: string, role: RoleRow["role"]): Promise<unknown> => {
    const id = "(SELECT id FROM destinations WHERE name = $1)";
    const { rows } = await pool.query<{ id: number }>(`SELECT id FROM destinations WHERE name = $1`, [name]);
    const destinationId = rows[0]?.id as number;
    await inFlush(pool, [], (flush) => correctRoles(flush, [{ destinationId, role, sourceName: "orders" }]));
    const { rows: after } = await pool.query(`SELECT role, source_id FROM destinations WHERE id = ${id}`, [name]);
    return after[0];
  };
  try {
    await ensurePartitions(pool, new Date());
    await pool.query("INSERT INTO clusters (name, system) VALUES ('c', 'kafka')");
    await pool.query(`
      INSERT INTO destinations (cluster_id, name, role, partition_count, replication)
      SELECT 1, u.name, u.role, 1, 1
      FROM (VALUES ('orders', 'event'), ('mixed', 'event'), ('grave', 'event'), ('was', 'dead_letter'),
        ('state-changelog', 'internal')) AS u(name, role)`);
    await pool.query(`
      INSERT INTO event_batches (stored_at, destination_id, partition, first_position, last_position,
        first_occurred_at, last_occurred_at, events, xid)
      SELECT now(), id, 0, 0, 9, now(), now(), CASE name WHEN 'grave' THEN 1 ELSE 1100 END, 1
      FROM destinations`);
    await pool.query(`
      INSERT INTO failures (
        cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title, stored_at
      )
      SELECT 1, id, 0, 5, now(), 'spring-kafka', '0', 't', now()
      FROM destinations
      WHERE name IN ('mixed', 'grave')`);
    assert.deepEqual(await roleAfter("mixed", "dead_letter"), { role: "event", source_id: null });
    assert.deepEqual(await roleAfter("grave", "dead_letter"), { role: "dead_letter", source_id: 1 });
    assert.deepEqual(await roleAfter("was", "event"), { role: "event", source_id: null });
    assert.deepEqual(await roleAfter("state-changelog", "event"), { role: "internal", source_id: null });
  } finally {
    await postgres.stop();
  }
});
