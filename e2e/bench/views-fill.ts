/** What a system of some size leaves in Flowtap's database, written by SQL as the tap would have left it. */
import type pg from "pg";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { addLatency, encodeSketch, openSketch } from "#lib/store/db/sketch.ts";
import { rollups, groupsThen } from "./views-fill-state.ts";
import { troubles } from "./views-fill-troubles.ts";
import {
  SCALE,
  CLUSTER,
  BUSY_TOPIC,
  RARE_TYPE,
  PARTITIONS,
  PER_PARTITION,
  BUSY_ID,
  FIRST_DLT,
  DLTS,
} from "./views-scale.ts";
import { indexed } from "./views-fill-events.ts";

export async function fill(pool: pg.Pool, nowMs: number): Promise<void> {
  for (let hour = 0; hour <= SCALE.hours; hour++) await ensurePartitions(pool, new Date(nowMs - hour * 3_600_000));
  const sketch = openSketch();
  for (const ms of [1, 4, 9, 20, 80]) addLatency(sketch, ms);
  const latency = Buffer.from(encodeSketch(sketch) ?? []).toString("hex");
  const client = await pool.connect();
  try {
    await client.query("SET synchronous_commit = off");
    for (const statement of [
      ...catalogue(),
      ...indexed(nowMs),
      ...rollups(nowMs, latency),
      ...groupsThen(nowMs),
      ...troubles(nowMs),
    ])
      await client.query(statement);
    // As autovacuum would have done long since.
    await client.query("VACUUM (ANALYZE)");
  } finally {
    client.release();
  }
}

function catalogue(): string[] {
  return [
    `
      INSERT INTO clusters (id, name, system, brokers, state, commit_source)
      VALUES (1, '${CLUSTER}', 'kafka', '{}', 'connected', 'tapped')`,
    "INSERT INTO services (id, name) SELECT i, 'service-' || i FROM generate_series(1, 25) i",
    `
      INSERT INTO event_types (id, name, schema_version)
      SELECT 2 * d - 1 + v, 'shop.happened-' || d, (v + 1)::text
      FROM generate_series(1, ${SCALE.topics}) d, generate_series(0, 1) v`,
    `INSERT INTO event_types (id, name) VALUES (${2 * SCALE.topics + 1}, '${RARE_TYPE}')`,
    `
      INSERT INTO destinations (id, cluster_id, name, partition_count, tapped, retention_ms)
      SELECT i, 1, 'shop.topic-' || lpad(i::text, 2, '0'), ${PARTITIONS}, true, 604800000
      FROM generate_series(1, ${SCALE.topics}) i`,
    `
      INSERT INTO destinations (id, cluster_id, name, partition_count, tapped)
      VALUES (${BUSY_ID}, 1, '${BUSY_TOPIC}', 12, true)`,
    `
      INSERT INTO destinations (id, cluster_id, name, role, source_id, partition_count, tapped)
      SELECT ${FIRST_DLT} + i, 1, 'shop.topic-' || lpad((1 + 5 * i)::text, 2, '0') || '.DLT', 'dead_letter',
        1 + 5 * i, ${PARTITIONS}, true
      FROM generate_series(0, ${DLTS - 1}) i`,
    `
      INSERT INTO partition_offsets (
        destination_id, partition, log_start_offset, end_offset, last_stable_offset, leader, observed_at
      )
      SELECT d.id, p, 0, ${PER_PARTITION}, ${PER_PARTITION}, 1, now()
      FROM destinations d, generate_series(0, d.partition_count - 1) p`,
    `
      INSERT INTO tap_positions (destination_id, partition, next, stored_at)
      SELECT destination_id, partition, end_offset, now()
      FROM partition_offsets`,
    "INSERT INTO tap_processes (host, pid, version) VALUES ('bench', 1, '0')",
    `
      INSERT INTO consumer_groups (
        id, cluster_id, name, protocol, state, member_count, service_id, service_known_by, verdict,
        verdict_since, severity, lag_messages, time_lag_ms, evaluated_at, reason
      )
      SELECT i, 1, CASE WHEN i <= ${SCALE.groups} THEN 'group-' ELSE 'busy-' END || i, 'classic', 'stable', 4,
        CASE WHEN i <= ${SCALE.groups} THEN 1 + i % 25 END, 'declared',
        CASE WHEN i % 20 = 0 THEN 'stalled' WHEN i % 13 = 0 THEN 'warning' ELSE 'ok' END, now(),
        CASE WHEN i % 20 = 0 THEN 80 WHEN i % 13 = 0 THEN 40 ELSE 0 END, i * 7919 % 5000, i * 31 % 90000,
        now(), 'as judged'
      FROM generate_series(1, ${SCALE.groups + SCALE.groupsOnOneTopic}) i`,
    `
      INSERT INTO group_partitions (
        group_id, destination_id, partition, committed_offset, committed_at, moved_at, lag_messages,
        time_lag_ms, verdict, member_id
      )
      SELECT g.id, r.destination_id, p, ${PER_PARTITION} - g.lag_messages / 16, now(), now(),
        g.lag_messages / 16, g.time_lag_ms, g.verdict, 'member-' || p % 4
      FROM consumer_groups g
      CROSS JOIN LATERAL (
        SELECT 1 + (g.id * 7 + j * 13) % ${SCALE.topics} AS destination_id, ${PARTITIONS} AS partitions
        FROM generate_series(0, 3) j
        WHERE g.id <= ${SCALE.groups}
        UNION ALL
        SELECT ${BUSY_ID}, 12
        WHERE g.id > ${SCALE.groups}
      ) r, generate_series(0, r.partitions - 1) p`,
    `
      INSERT INTO group_members (group_id, member_id, client_id, host, assignment, seen_at)
      SELECT g, 'member-' || m, 'client-' || m, '/10.0.0.1', '[]', now()
      FROM generate_series(1, ${SCALE.groups}) g, generate_series(0, 3) m`,
  ];
}
