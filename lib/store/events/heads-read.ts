/** The first event at or after committed offsets. On the connection that holds the lock. */
import type pg from "pg";
import { type CommittedPosition, POSITIONS, positionColumns } from "./committed-positions.ts";

export interface HeadSample extends CommittedPosition {
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** the flush's stored_at in Postgres's text format, with its microseconds: finds the flush among the events */
  readonly storedAt: string;
}

/** For each position, the first flush at or after it, with the offsets and times that it spans. */
export async function readHeads(
  client: pg.Client,
  positions: readonly CommittedPosition[],
  withinHours: number,
): Promise<HeadSample[]> {
  if (positions.length === 0) return [];
  const { rows } = await client.query<{
    destination_id: number;
    partition: number;
    committed: string;
    first_position: string;
    last_position: string;
    first_ms: number;
    last_ms: number;
    stored_at: string;
  }>(
    `
      SELECT w.destination_id, w.partition, w.committed, b.first_position, b.last_position, b.stored_at::text,
        round(extract(epoch FROM b.first_occurred_at) * 1000)::float8 AS first_ms,
        round(extract(epoch FROM b.last_occurred_at) * 1000)::float8 AS last_ms
      FROM ${POSITIONS}
      CROSS JOIN LATERAL (
        SELECT *
        FROM event_batches e
        WHERE e.destination_id = w.destination_id
          AND e.partition = w.partition
          AND e.last_position >= w.committed
          AND e.stored_at > now() - $4::float8 * interval '1 hour'
        ORDER BY e.last_position
        LIMIT 1
      ) b`,
    [...positionColumns(positions), withinHours],
  );
  return rows.map((row) => ({
    destinationId: row.destination_id,
    partition: row.partition,
    committedOffset: BigInt(row.committed),
    firstPosition: BigInt(row.first_position),
    lastPosition: BigInt(row.last_position),
    firstAtMs: row.first_ms,
    lastAtMs: row.last_ms,
    storedAt: row.stored_at,
  }));
}

export interface EventSample extends CommittedPosition {
  readonly position: bigint;
  readonly atMs: number;
}

/**
 * The first event at or after each position within its flush. Needed where a flush spans too long a time to interpolate
 * the event's time.
 */
export async function readHeadEvents(client: pg.Client, heads: readonly HeadSample[]): Promise<EventSample[]> {
  if (heads.length === 0) return [];
  const { rows } = await client.query<{
    destination_id: number;
    partition: number;
    committed: string;
    position: string;
    ms: number;
  }>(
    `
      SELECT w.destination_id, w.partition, w.committed, e.position,
        round(extract(epoch FROM e.occurred_at) * 1000)::float8 AS ms
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::timestamptz[])
        AS w(destination_id, partition, committed, stored_at)
      CROSS JOIN LATERAL (
        SELECT position, occurred_at
        FROM events e
        WHERE e.stored_at = w.stored_at
          AND e.destination_id = w.destination_id
          AND e.partition = w.partition
          AND e.position >= w.committed
        ORDER BY e.position
        LIMIT 1
      ) e`,
    [...positionColumns(heads), heads.map((head) => head.storedAt)],
  );
  return rows.map((row) => ({
    destinationId: row.destination_id,
    partition: row.partition,
    committedOffset: BigInt(row.committed),
    position: BigInt(row.position),
    atMs: row.ms,
  }));
}
