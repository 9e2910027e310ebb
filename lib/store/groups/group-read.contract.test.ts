import assert from "node:assert/strict";
import { it } from "node:test";
import { startMigratedPostgres } from "#e2e/stack/migrated.ts";
import { readGroupPartitions } from "./group-read.ts";

it("the numbers of a partition's row agree, though they are stored at different moments", async () => {
  const postgres = await startMigratedPostgres();
  const { pool, prisma } = postgres.database;
  try {
    await pool.query("INSERT INTO clusters (name, system) VALUES ('c', 'kafka')");
    await pool.query("INSERT INTO consumer_groups (cluster_id, name) VALUES (1, 'payments')");
    await pool.query(`
      INSERT INTO destinations (cluster_id, name, role, partition_count, replication)
      VALUES (1, 'orders', 'event', 4, 1)`);
    await pool.query(`
      INSERT INTO partition_offsets (destination_id, partition, log_start_offset, end_offset, last_stable_offset,
        observed_at)
      SELECT 1, p, 0, 1592, 1592, now()
      FROM unnest(ARRAY[0, 1, 2]) AS p`);
    await pool.query(`
      INSERT INTO group_partitions (group_id, destination_id, partition, committed_offset, lag_messages, time_lag_ms,
        time_lag_is_floor)
      SELECT 1, 1, u.*
      FROM (VALUES (0, 1592, 8, 900, true), (1, 1584, 8, 900, true), (2, 1600, 8, 900, false), (3, 90, 8, 900, false))
        AS u(partition, committed, lag, time_lag, is_floor)`);
    assert.deepEqual(
      (await readGroupPartitions(prisma, 1)).map((at) => [
        at.committedOffset,
        at.endOffset,
        at.lagMessages,
        at.timeLagMs,
        at.timeLagIsFloor,
      ]),
      [
        [1592n, 1592n, 0n, 0n, false],
        [1584n, 1592n, 8n, 900n, true],
        [1600n, 1600n, 0n, 0n, false],
        [90n, 90n, 8n, 900n, false],
      ],
    );
  } finally {
    await postgres.stop();
  }
});
