/** What one flush of the tap writes, in one transaction with the positions it moves. */
import type pg from "pg";
import { copyEvents } from "../db/bulk-copy.ts";
import type { EventRows } from "../db/bulk-rows.ts";

export interface PositionMove {
  readonly destinationId: number;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** The open transaction of a flush. Times are the database's, so the clocks of taps may differ. */
export interface Flush {
  readonly client: pg.PoolClient;
  readonly storedAtMs: number;
  readonly xid: string;
}

/** Another tap has moved a position that this flush expected: nothing of the flush was stored. */
export class PositionConflict extends Error {
  override readonly name = "PositionConflict";
}

const MOVE = `
  UPDATE tap_positions p
  SET next = u.next, stored_at = to_timestamp($5::bigint / 1000.0)
  FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[])
    AS u(destination_id, partition, expected, next)
  WHERE p.destination_id = u.destination_id AND p.partition = u.partition AND p.next = u.expected`;

/**
 * Moves the positions and writes, in one transaction. Throws PositionConflict when a stored position differs from the
 * expected one.
 */
export async function inFlush(
  pool: pg.Pool,
  moves: readonly PositionMove[],
  write: (flush: Flush) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  let usable = false;
  try {
    const storedAt = await begin(client);
    const { rowCount } = await client.query(MOVE, [
      moves.map((m) => m.destinationId),
      moves.map((m) => m.partition),
      moves.map((m) => m.from),
      moves.map((m) => m.to),
      storedAt.storedAtMs,
    ]);
    if (rowCount !== moves.length) {
      await client.query("ROLLBACK");
      usable = true;
      throw new PositionConflict(
        `${moves.length - (rowCount ?? 0)} of ${moves.length} positions were moved by another tap`,
      );
    }
    await write({ client, ...storedAt });
    await client.query("COMMIT");
    usable = true;
  } finally {
    client.release(!usable);
  }
}

async function begin(client: pg.PoolClient): Promise<{ storedAtMs: number; xid: string }> {
  // pg returns an array for several statements in one message; its types leave that out.
  const results = (await client.query(
    `
      BEGIN;
      SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms,
        pg_current_xact_id()::text AS xid`,
  )) as unknown as pg.QueryResult<{ ms: number; xid: string }>[];
  const row = results[1]?.rows[0];
  if (row === undefined) throw new Error("Postgres did not answer its time");
  return { storedAtMs: row.ms, xid: row.xid };
}

export interface BatchRow {
  readonly destinationId: number;
  readonly partition: number;
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly firstOccurredAtMs: number;
  readonly lastOccurredAtMs: number;
  readonly events: number;
}

export interface PublishRow {
  readonly destinationId: number;
  readonly serviceId: number;
  readonly typeId: number;
  readonly events: number;
  readonly bytes: number;
  readonly errors: number;
  /** the whole sketch of this tap's bucket, not only this flush's part of it */
  readonly latency: Uint8Array | null;
}

export interface QuarantineRow {
  readonly destinationId: number;
  readonly partition: number;
  readonly position: bigint;
  readonly reason: string;
}

const WRITE = `
  WITH batches AS (
    INSERT INTO event_batches (
      stored_at, destination_id, partition, first_position, last_position, first_occurred_at,
      last_occurred_at, events, xid
    )
    SELECT to_timestamp($1::bigint / 1000.0), b.destination_id, b.partition, b.first_position,
      b.last_position, to_timestamp(b.first_ms / 1000.0), to_timestamp(b.last_ms / 1000.0), b.events,
      $2::bigint
    FROM unnest($3::int[], $4::int[], $5::bigint[], $6::bigint[], $7::float8[], $8::float8[], $9::int[])
      AS b(destination_id, partition, first_position, last_position, first_ms, last_ms, events)
  ),
  rollups AS (
    INSERT INTO publish_rollups AS r (
      bucket, destination_id, service_id, type_id, tap_id, events, bytes, errors, latency
    )
    SELECT to_timestamp($10::bigint / 1000.0), u.destination_id, u.service_id, u.type_id, $11::int, u.events,
      u.bytes, u.errors, u.latency
    FROM unnest($12::int[], $13::int[], $14::int[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bytea[])
      AS u(destination_id, service_id, type_id, events, bytes, errors, latency)
    ON CONFLICT (bucket, destination_id, service_id, type_id, tap_id) DO UPDATE
    SET events = r.events + EXCLUDED.events,
      bytes = r.bytes + EXCLUDED.bytes,
      errors = r.errors + EXCLUDED.errors,
      latency = coalesce(EXCLUDED.latency, r.latency)
  )
  SELECT pg_notify('flowtap', $19)`;

export interface EventFlush {
  readonly rows: EventRows;
  readonly batches: readonly BatchRow[];
  readonly bucketMs: number;
  readonly tapId: number;
  readonly publishes: readonly PublishRow[];
  readonly throughMs: number;
}

export async function writeEvents(flush: Flush, what: EventFlush): Promise<void> {
  const { rows, batches, publishes } = what;
  if (rows.rows === 0) return;
  await copyEvents(flush.client, rows.finish(flush.storedAtMs));
  await flush.client.query(WRITE, [
    flush.storedAtMs,
    flush.xid,
    batches.map((b) => b.destinationId),
    batches.map((b) => b.partition),
    batches.map((b) => b.firstPosition),
    batches.map((b) => b.lastPosition),
    batches.map((b) => b.firstOccurredAtMs),
    batches.map((b) => b.lastOccurredAtMs),
    batches.map((b) => b.events),
    what.bucketMs,
    what.tapId,
    publishes.map((p) => p.destinationId),
    publishes.map((p) => p.serviceId),
    publishes.map((p) => p.typeId),
    publishes.map((p) => p.events),
    publishes.map((p) => Math.round(p.bytes)),
    publishes.map((p) => p.errors),
    publishes.map((p) => (p.latency === null ? null : Buffer.from(p.latency))),
    JSON.stringify({ kind: "flush", through: what.throughMs, events: rows.rows }),
  ]);
}

export async function insertQuarantine(flush: Flush, rows: readonly QuarantineRow[]): Promise<void> {
  if (rows.length === 0) return;
  await flush.client.query(
    `
      INSERT INTO quarantine (destination_id, partition, position, reason, stored_at)
      SELECT *, to_timestamp($5::bigint / 1000.0)
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::text[])`,
    [
      rows.map((r) => r.destinationId),
      rows.map((r) => r.partition),
      rows.map((r) => r.position),
      rows.map((r) => r.reason),
      flush.storedAtMs,
    ],
  );
}

export interface RoleRow {
  readonly destinationId: number;
  readonly role: "dead_letter" | "retry";
  readonly sourceName: string | null;
}

/** A role guessed from a destination's name is corrected by records that have a failure's headers. */
export async function correctRoles(flush: Flush, rows: readonly RoleRow[]): Promise<void> {
  for (const { destinationId, role, sourceName } of rows) {
    await flush.client.query(
      `
        UPDATE destinations d
        SET role = $2,
          source_id = coalesce(
            (
              SELECT s.id
              FROM destinations s
              WHERE s.cluster_id = d.cluster_id AND s.name = $3 AND s.id <> d.id
            ),
            d.source_id
          )
        WHERE d.id = $1 AND (d.role <> $2 OR d.source_id IS NULL)`,
      [destinationId, role, sourceName],
    );
  }
}
