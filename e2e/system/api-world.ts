/**
 * A small world in Postgres as taps would have left it: an order saga, a stuck group, dead letters, and the last
 * minutes of rollups.
 */
import { openPool } from "#e2e/stack/stack.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { fillEvents, fillRollups } from "./api-world-events.ts";
import { CONVERSATION, FINGERPRINT, ORDERS_EVENTS, TRACE, uuid } from "./api-world-ids.ts";
import { fillIncidents } from "./api-world-incidents.ts";

/** Ids are given, so that the rows below can be read: 1 orders, 2 payments, 3 orders-dlt, 4 __consumer_offsets. */
export async function fillWorld(databaseUrl: string, nowMs: number): Promise<void> {
  const pool = openPool(databaseUrl, 1);
  const at = (msAgo: number) => new Date(nowMs - msAgo);
  const run = (sql: string, values: unknown[] = []) => pool.query(sql, values);
  try {
    await ensurePartitions(pool, new Date(nowMs));
    await run(
      `
        INSERT INTO clusters (id, name, system, state, commit_source, state_since)
        VALUES (1, 'test', 'kafka', 'connected', 'tapped', $1)`,
      [at(60_000)],
    );
    await run(
      `
        INSERT INTO destinations (
          id, cluster_id, name, role, source_id, partition_count, cleanup_policy, retention_ms, tapped,
          first_seen_at
        )
        VALUES
          (1, 1, 'orders', 'event', NULL, 2, 'delete', 86400000, true, $1),
          (2, 1, 'payments', 'event', NULL, 1, 'delete', 86400000, true, $1),
          (3, 1, 'orders-dlt', 'dead_letter', 1, 1, 'delete', -1, true, $1),
          (4, 1, '__consumer_offsets', 'internal', NULL, 8, 'compact', NULL, true, $1)`,
      [at(3_600_000)],
    );
    await run(`INSERT INTO services (id, name) VALUES (1, 'orders'), (2, 'payments'), (3, 'analytics')`);
    await run(
      `
        INSERT INTO event_types (id, name, schema_version)
        VALUES (1, 'order.placed', '1'), (2, 'payment.taken', ''), (3, 'order.placed', '2')`,
    );
    await run(
      `
        INSERT INTO consumer_groups (
          id, cluster_id, name, protocol, state, member_count, coordinator, service_id, service_known_by,
          verdict, verdict_since, evidence, reason, severity, lag_messages, time_lag_ms, in_rate, out_rate,
          evaluated_at
        )
        VALUES
          (
            1, 1, 'payments', 'classic', 'stable', 1, '1', 2, 'inferred', 'stalled', $1, 1,
            'orders[1] has not moved for 2 min', 3, 40, 120000, 10, 8, $1
          ),
          (2, 1, 'analytics', 'consumer', 'stable', 2, '1', 3, 'inferred', 'ok', $1, 1, NULL, 0, 0, 0, 10, 10, $1),
          (
            3, 1, 'odd/name ?#', 'classic', 'empty', 0, NULL, NULL, NULL, 'unknown', NULL, 0, NULL, 0, 0,
            NULL, 0, 0, NULL
          )`,
      [at(5000)],
    );
    await run(
      `
        INSERT INTO partition_offsets
        VALUES
          (1, 0, 0, ${ORDERS_EVENTS}, ${ORDERS_EVENTS}, 1, $1),
          (1, 1, 0, 100, 100, 1, $1),
          (2, 0, 0, 60, 60, 1, $1),
          (3, 0, 0, 5, 5, 1, $1)`,
      [at(1000)],
    );
    await run(
      `INSERT INTO tap_positions VALUES (1, 0, ${ORDERS_EVENTS}, $1), (1, 1, 100, $1), (2, 0, 60, $1), (3, 0, 5, $1)`,
      [at(500)],
    );
    await run(
      `
        INSERT INTO group_partitions (
          group_id, destination_id, partition, committed_offset, committed_at, moved_at, lag_messages,
          time_lag_ms, verdict, evidence, member_id
        )
        VALUES
          (1, 1, 0, ${ORDERS_EVENTS}, $1, $1, 0, 0, 'ok', 1, 'm-1'),
          (1, 1, 1, 60, $1, $2, 40, 120000, 'stalled', 1, 'm-1'),
          (2, 1, 0, ${ORDERS_EVENTS}, $1, $1, 0, 0, 'ok', 1, 'm-2'),
          (2, 2, 0, 60, $1, $1, 0, 0, 'ok', 1, 'm-2')`,
      [at(1000), at(120_000)],
    );
    await run(`UPDATE consumer_groups SET data_loss_seconds = 86280, catch_up_seconds = NULL WHERE id = 1`);
    await run(
      `
        INSERT INTO group_members
        VALUES
          (1, 'm-1', 'payments-1', '/10.0.0.1', '[{"topic":"orders","partitions":[0,1]}]', $1),
          (2, 'm-2', 'analytics-1', '/10.0.0.2', '[]', $1)`,
      [at(1000)],
    );
    await run(
      `
        INSERT INTO tap_processes (id, host, pid, version, counters, started_at, heartbeat_at)
        VALUES (1, 'h', 7, '0.1.0', '{"received": 1215, "stored": 1215}', $1, $2)`,
      [at(600_000), at(500)],
    );
    await fillIncidents(pool, nowMs);
    await fillEvents(pool, nowMs);
    await fillRollups(pool, nowMs);
    await run(`INSERT INTO traces VALUES ($1, $2, $3, 3, 1, 1, 1, 1, '{1,2}', '{1,2,3}')`, [
      uuid(TRACE),
      at(60_000),
      at(55_000),
    ]);
    await run(`INSERT INTO trace_aliases VALUES ($1, $2, $3)`, [uuid(CONVERSATION), uuid(TRACE), at(60_000)]);
    await run(
      `
        INSERT INTO failures (
          cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title,
          original_destination, original_destination_id, original_partition, original_position, group_name,
          exception_class, root_cause_class, message, trace_id, type_id, service_id, key, stored_at
        )
        SELECT 1, 3, 0, n, $1::timestamptz + n * interval '1 second', 'spring-kafka', $2,
          'IllegalStateException at PaymentHandler.charge', 'orders', 1, 1, 50 + n, 'payments',
          'ListenerExecutionFailedException', 'IllegalStateException', 'card refused', $3, 1, 1, 'cust-' || n,
          $1
        FROM generate_series(0, 4) n`,
      [at(57_000), FINGERPRINT, uuid(TRACE)],
    );
  } finally {
    await pool.end();
  }
}
