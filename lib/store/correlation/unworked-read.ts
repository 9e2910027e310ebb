/** Which events are stored since the correlator's cursor. */
import type pg from "pg";
import { LATE_BY_MS, type CorrelationCursor } from "./window.ts";
import type { CorrelatedEvent } from "./events-read.ts";

/**
 * Whether an event is stored in this transaction or a later one. A partition's positions are stored in order, so its
 * first position from there on decides.
 */
export async function readUnworked(
  client: pg.Client,
  { xid, storedAtMs }: CorrelationCursor,
): Promise<(event: CorrelatedEvent) => boolean> {
  const { rows } = await client.query<{ destination_id: number; partition: number; position: string }>(
    `
      SELECT destination_id, partition, min(first_position) AS position
      FROM event_batches
      WHERE xid >= $1 AND stored_at > to_timestamp($2::float8 / 1000)
      GROUP BY 1, 2`,
    [xid, storedAtMs - LATE_BY_MS],
  );
  const from = new Map(rows.map((row) => [`${row.destination_id}/${row.partition}`, BigInt(row.position)]));
  return ({ destinationId, partition, position }) =>
    position >= (from.get(`${destinationId}/${partition}`) ?? position + 1n);
}
