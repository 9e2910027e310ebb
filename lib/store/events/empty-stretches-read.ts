/** Stretches of a partition that hold no event. On the connection that holds the lock. */
import type pg from "pg";
import { type CommittedPosition, positionColumns } from "./committed-positions.ts";

/**
 * Of these positions, those with no event between them and their `upTo`. All of this holds: the index has an event
 * before the position, the tap has read up to `upTo`, and neither an event nor a quarantined record is stored between
 * the two. Such a stretch consists of transaction markers and records of aborted transactions.
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
