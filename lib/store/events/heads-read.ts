/** What the index knows of the events at and after committed offsets. On the connection that holds the lock. */
import type pg from "pg";

export interface CommittedPosition {
  readonly destinationId: number;
  readonly partition: number;
  readonly committedOffset: bigint;
}

export interface HeadSample extends CommittedPosition {
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** identifies the flush among the events, as Postgres writes the time */
  readonly storedAt: string;
}

const POSITIONS = "unnest($1::int[], $2::int[], $3::bigint[]) AS w(destination_id, partition, committed)";
const positionColumns = (positions: readonly CommittedPosition[]) => [
  positions.map((p) => p.destinationId),
  positions.map((p) => p.partition),
  positions.map((p) => p.committedOffset),
];

/** For each position, the first flush that holds it or comes after it: which offsets it spans, and their times. */
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
 * The first event at or after each position within a flush. For flushes that span too long a time to interpolate.
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

/**
 * The positions after which, up to an offset, there is no event: the index has what came before them, the tap has read
 * up to the offset, and neither an event nor an unreadable record is known between the two. What is there are
 * transaction markers, or records that were rolled back.
 */
export async function readEmptyStretches(
  client: pg.Client,
  positions: readonly (CommittedPosition & { readonly upTo: bigint })[],
  withinHours: number,
): Promise<CommittedPosition[]> {
  if (positions.length === 0) return [];
  const { rows } = await client.query<{ destination_id: number; partition: number; committed: string }>(
    `
      SELECT w.destination_id, w.partition, w.committed
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[])
        AS w(destination_id, partition, committed, up_to)
      JOIN tap_positions t ON t.destination_id = w.destination_id
        AND t.partition = w.partition
        AND t.next >= w.up_to
      WHERE EXISTS (
          SELECT 1
          FROM event_batches b
          WHERE b.destination_id = w.destination_id
            AND b.partition = w.partition
            AND b.last_position < w.committed
            AND b.stored_at > now() - $5::float8 * interval '1 hour'
        )
        AND NOT EXISTS (
          SELECT 1
          FROM event_batches b
          WHERE b.destination_id = w.destination_id
            AND b.partition = w.partition
            AND b.last_position >= w.committed
            AND b.first_position < w.up_to
        )
        AND NOT EXISTS (
          SELECT 1
          FROM quarantine q
          WHERE q.destination_id = w.destination_id
            AND q.partition = w.partition
            AND q.position >= w.committed
            AND q.position < w.up_to
        )`,
    [...positionColumns(positions), positions.map((p) => p.upTo), withinHours],
  );
  return rows.map((row) => ({
    destinationId: row.destination_id,
    partition: row.partition,
    committedOffset: BigInt(row.committed),
  }));
}

export interface WaitingKeys {
  readonly keys: { readonly key: string; readonly share: number }[];
  /** how many events were counted */
  readonly events: number;
}

/** The keys that occur most among the first `limit` events that wait at a position. */
export async function readWaitingKeys(
  client: pg.Client,
  position: CommittedPosition,
  limit: number,
): Promise<WaitingKeys> {
  const { rows } = await client.query<{ key: string | null; events: number; total: number }>(
    `
      SELECT key, events, (sum(events) OVER ())::int AS total
      FROM (
        SELECT key, count(*)::int AS events
        FROM (
          SELECT e.key
          FROM (
            SELECT stored_at
            FROM event_batches b
            WHERE b.destination_id = $1 AND b.partition = $2 AND b.last_position >= $3
            ORDER BY b.last_position
            LIMIT 20
          ) b
          CROSS JOIN LATERAL (
            SELECT key
            FROM events e
            WHERE e.stored_at = b.stored_at
              AND e.destination_id = $1
              AND e.partition = $2
              AND e.position >= $3
          ) e
          LIMIT $4
        ) sample
        GROUP BY key
      ) counted
      ORDER BY events DESC
      LIMIT 6`,
    [position.destinationId, position.partition, position.committedOffset, limit],
  );
  const events = rows[0]?.total ?? 0;
  return {
    keys: rows
      .flatMap((row) => (row.key === null ? [] : [{ key: row.key.slice(0, 100), share: row.events / events }]))
      .slice(0, 5),
    events,
  };
}
