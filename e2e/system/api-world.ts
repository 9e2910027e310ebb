/**
 * A small world in Postgres as taps would have left it: an order saga, a stuck group, dead letters, and the last
 * minutes of rollups.
 */
import type pg from "pg";
import { openPool } from "#e2e/stack/stack.ts";
import { EVENT_FLAG, packFlags } from "#lib/domain/message/flags.ts";
import { hash64 } from "#lib/domain/message/hash.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { addLatency, encodeSketch, openSketch } from "#lib/store/db/sketch.ts";

export const TRACE = "0af7651916cd43dd8448eb211c80319c";
export const CONVERSATION = "11111111222233334444555555555555";
export const FINGERPRINT = "00c0ffee00c0ffee";
/** events of orders[0], in flushes of a hundred */
export const ORDERS_EVENTS = 1050;

const uuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

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

/**
 * The poison event that payments stands at since two minutes ago, an older incident that is over, and what happened
 * to its members.
 */
async function fillIncidents(pool: pg.Pool, nowMs: number): Promise<void> {
  const at = (msAgo: number) => new Date(nowMs - msAgo);
  const finding = (cause: string, sentence: string, msAgo: number) =>
    JSON.stringify({
      cause,
      sinceMs: nowMs - msAgo,
      sentence,
      at: { topic: "orders", partition: 1, offset: "60" },
      facts: [
        { label: "Offset", value: "60" },
        { label: "Other partitions", value: "1 moves" },
      ],
      data: { offset: "60", memberId: "m-1", clientId: "payments-1", host: "10.0.0.1" },
    });
  const poison = finding(
    "poison_event",
    "orders[1] stands at offset 60 while its member lives and the other partition moves",
    120_000,
  );
  await pool.query(
    `
      UPDATE consumer_groups
      SET cause = 'poison_event', cause_since = $1, cause_detail = $2, generation = 7
      WHERE id = 1`,
    [at(120_000), poison],
  );
  await pool.query(
    `
      INSERT INTO member_sessions
      VALUES
        (1, 'm-0', $1, $2, 'payments-0', '/10.0.0.9', '[{"topic":"orders","partitions":[0,1]}]'),
        (1, 'm-1', $2, NULL, 'payments-1', '/10.0.0.1', '[{"topic":"orders","partitions":[0,1]}]')`,
    [at(3_000_000), at(200_000)],
  );
  await pool.query(
    `
      INSERT INTO group_events (group_id, at, kind, detail)
      VALUES
        (1, $1, 'left', '{"members":1,"count":1,"who":[{"memberId":"m-0","clientId":"payments-0"}]}'),
        (1, $1, 'joined', '{"members":1,"count":1,"who":[{"memberId":"m-1","clientId":"payments-1"}]}'),
        (1, $1, 'rebalance', '{"generation":7,"members":1}'),
        (1, $2, 'rewound', '{"topic":"orders","partition":0,"from":90,"to":"40"}')`,
    [at(200_000), at(100_000)],
  );
  await pool.query(
    `
      INSERT INTO incidents (
        id, cluster_id, group_id, opened_at, closed_at, verdict, cause, severity, reason, peak_lag_messages,
        peak_time_lag_ms
      )
      VALUES
        (1, 1, 1, $1, $2, 'stopped', 'no_members', 3, 'payments has no members; 12 events wait', 12, 90000),
        (2, 1, 1, $3, NULL, 'stalled', 'poison_event', 3, 'orders[1] has not moved for 2 min', 40, 120000)`,
    [at(2_000_000), at(1_800_000), at(120_000)],
  );
  await pool.query(
    `
      INSERT INTO incident_changes (incident_id, at, kind, verdict, cause, reason, detail)
      VALUES
        (1, $1, 'opened', 'stopped', 'no_members', 'payments has no members; 12 events wait', $5),
        (1, $2, 'closed', 'ok', NULL, NULL, NULL),
        (2, $3, 'opened', 'warning', NULL, 'payments falls behind: 10/s in, 8/s out', NULL),
        (2, $4, 'changed', 'stalled', 'poison_event', 'orders[1] has not moved for 1 min', $6)`,
    [
      at(2_000_000),
      at(1_800_000),
      at(120_000),
      at(60_000),
      finding("no_members", "nobody is connected", 2_000_000),
      poison,
    ],
  );
  // The same place committed again and again, and the other one moving.
  await pool.query(
    `
      INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
      SELECT t, t, 1, 1, 1, 60
      FROM generate_series($1::timestamptz, $2::timestamptz, interval '5 seconds') t`,
    [at(120_000), at(1000)],
  );
  await pool.query(
    `
      INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
      VALUES ($1, $1, 1, 1, 0, 300), ($2, $2, 1, 1, 0, ${ORDERS_EVENTS})`,
    [at(46_000), at(1000)],
  );
}

async function fillEvents(pool: pg.Pool, nowMs: number): Promise<void> {
  const columns = `
    INSERT INTO events (
      stored_at, occurred_at, position, trace_id, span_id, parent_span_id, message_ref, cause_ref,
      destination_id, partition, type_id, service_id, size_bytes, flags, key
    )`;
  const batch = `
    INSERT INTO event_batches (
      stored_at, destination_id, partition, first_position, last_position, first_occurred_at,
      last_occurred_at, events, xid
    )`;
  for (let first = 0; first < ORDERS_EVENTS; first += 100) {
    const last = Math.min(first + 100, ORDERS_EVENTS) - 1;
    const storedAt = new Date(nowMs - 50_000 + first * 10);
    await pool.query(
      `
        ${columns}
        SELECT $1, $1, n, NULL, NULL, NULL, NULL, NULL, 1, 0, 1, 1, 200, $2, 'cust-' || n
        FROM generate_series($3::bigint, $4::bigint) n`,
      [storedAt, packFlags("none"), first, last],
    );
    await pool.query(`${batch} VALUES ($1, 1, 0, $2, $3, $1, $1, $4, $5)`, [
      storedAt,
      first,
      last,
      last - first + 1,
      100 + first,
    ]);
  }
  // One saga: an order, the payment it caused, and the dead letter of the order in the group payments.
  const rows: [
    msAgo: number,
    destination: number,
    partition: number,
    position: number,
    span: bigint,
    messageId: string,
    causeId: string | null,
    type: number,
    service: number,
    flags: number,
  ][] = [
    [60_000, 1, 1, 50, 1n, "e-1", null, 1, 1, packFlags("w3c")],
    [58_000, 2, 0, 7, 2n, "e-2", "e-1", 2, 2, packFlags("w3c")],
    [57_000, 3, 0, 0, 1n, "e-1", null, 1, 1, packFlags("w3c", EVENT_FLAG.deadLetter, EVENT_FLAG.error)],
  ];
  for (const [msAgo, destination, partition, position, span, messageId, causeId, type, service, flags] of rows) {
    const when = new Date(nowMs - msAgo);
    await pool.query(`${columns} VALUES ($1, $1, $2, $3, $4, NULL, $5, $6, $7, $8, $9, $10, 300, $11, 'cust-saga')`, [
      when,
      position,
      uuid(TRACE),
      span,
      hash64(messageId),
      causeId === null ? null : hash64(causeId),
      destination,
      partition,
      type,
      service,
      flags,
    ]);
    await pool.query(`${batch} VALUES ($1, $2, $3, $4, $4, $1, $1, 1, $5)`, [
      when,
      destination,
      partition,
      position,
      90,
    ]);
  }
  await pool.query(`INSERT INTO group_commits VALUES ($1, $1, 2, 2, 0, 60)`, [new Date(nowMs - 56_800)]);
}

async function fillRollups(pool: pg.Pool, nowMs: number): Promise<void> {
  const sketch = openSketch();
  for (let ms = 1; ms <= 100; ms++) addLatency(sketch, ms);
  const latency = encodeSketch(sketch);
  const bucket = Math.floor(nowMs / 10_000) * 10_000;
  for (let i = 0; i < 60; i++) {
    const at = new Date(bucket - i * 10_000);
    await pool.query(
      `
        INSERT INTO publish_rollups
        VALUES
          ($1, 1, 1, 1, 1, 100, 20000, 0, $2),
          ($1, 2, 2, 2, 1, 80, 8000, 0, NULL),
          ($1, 3, 2, 1, 1, 1, 300, 1, NULL)`,
      [at, latency],
    );
    await pool.query(
      `
        INSERT INTO consume_rollups
        VALUES
          ($1, 1, 1, 80, 1, 40, 120000, 1, 'stalled', $2),
          ($1, 2, 1, 100, 0, 0, 0, 2, 'ok', $2),
          ($1, 2, 2, 80, 0, 0, 0, 2, 'ok', NULL)`,
      [at, latency],
    );
    await pool.query(`INSERT INTO cause_rollups VALUES ($1, 1, 1, 1, 2, 2, 'declared', 80, 0, 80000, 1, $2)`, [
      at,
      latency,
    ]);
  }
}
