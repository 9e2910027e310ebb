/** The events of a flush, with their batches and rollups. */
import { copyEvents } from "../db/bulk-copy.ts";
import type { EventRows } from "../db/bulk-rows.ts";
import type { Flush } from "./flush.ts";

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
  /** the sketch of the whole bucket of this tap so far, not only of this flush */
  readonly latency: Uint8Array | null;
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
