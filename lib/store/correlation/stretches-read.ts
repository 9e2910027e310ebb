/** The flushes between two offsets: samples of which event was written when. */
import type pg from "pg";

export interface Stretch {
  readonly destinationId: number;
  readonly partition: number;
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** The flushes between two offsets of each partition, at most `perRange` each. */
export async function readStretches(
  client: pg.Client,
  ranges: readonly {
    readonly destinationId: number;
    readonly partition: number;
    readonly from: bigint;
    readonly to: bigint;
  }[],
  perRange: number,
): Promise<Stretch[]> {
  if (ranges.length === 0) return [];
  const { rows } = await client.query<{
    destination_id: number;
    partition: number;
    first_position: string;
    last_position: string;
    first_ms: number;
    last_ms: number;
  }>(
    `
      SELECT b.destination_id, b.partition, b.first_position, b.last_position,
        extract(epoch FROM b.first_occurred_at)::float8 * 1000 AS first_ms,
        extract(epoch FROM b.last_occurred_at)::float8 * 1000 AS last_ms
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) AS w(destination_id, partition, low, high)
      CROSS JOIN LATERAL (
        SELECT *
        FROM event_batches e
        WHERE e.destination_id = w.destination_id
          AND e.partition = w.partition
          AND e.last_position >= w.low
          AND e.first_position < w.high
          AND e.stored_at > now() - interval '2 hours'
        ORDER BY e.last_position
        LIMIT $5
      ) b`,
    [
      ranges.map((r) => r.destinationId),
      ranges.map((r) => r.partition),
      ranges.map((r) => r.from),
      ranges.map((r) => r.to),
      perRange,
    ],
  );
  return rows.map((row) => ({
    destinationId: row.destination_id,
    partition: row.partition,
    firstPosition: BigInt(row.first_position),
    lastPosition: BigInt(row.last_position),
    firstAtMs: row.first_ms,
    lastAtMs: row.last_ms,
  }));
}
