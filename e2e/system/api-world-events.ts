/** The events of the API's world, one saga among them, and the rollups of its last ten minutes. */
import type pg from "pg";
import { EVENT_FLAG, packFlags } from "#lib/domain/message/flags.ts";
import { hash64 } from "#lib/domain/message/hash.ts";
import { addLatency, encodeSketch, openSketch } from "#lib/store/db/sketch.ts";
import { ORDERS_EVENTS, TRACE, uuid } from "./api-world-ids.ts";

export async function fillEvents(pool: pg.Pool, nowMs: number): Promise<void> {
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

export async function fillRollups(pool: pg.Pool, nowMs: number): Promise<void> {
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
