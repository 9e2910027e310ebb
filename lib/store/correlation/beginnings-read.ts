/** Where a group without an earlier commit may have begun to read. */
import type pg from "pg";
import { bigintOf } from "../db/rows.ts";

export interface Beginning {
  /**
   * the first position whose event is not much older than the commit: where a group that has just begun may have begun
   */
  readonly start: bigint | null;
  /** not known yet: the tap has not stored the events that this commit passed */
  readonly isAhead: boolean;
}

/** For commits with nothing before them. In their order. */
export async function readBeginnings(
  client: pg.Client,
  commits: readonly {
    readonly destinationId: number;
    readonly partition: number;
    readonly offset: bigint;
    readonly committedAtMs: number;
    readonly storedAtMs: number;
  }[],
  { backMs, waitMs }: { readonly backMs: number; readonly waitMs: number },
): Promise<Beginning[]> {
  if (commits.length === 0) return [];
  const { rows } = await client.query<{ first: string | null; is_ahead: boolean }>(
    `
      SELECT b.first,
        b.first IS NULL
          AND COALESCE(
            p.next < w.committed AND w.stored_ms > extract(epoch FROM clock_timestamp()) * 1000 - $7::float8,
            false
          ) AS is_ahead
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::float8[], $5::float8[])
        WITH ORDINALITY AS w(destination_id, partition, committed, committed_ms, stored_ms, ordinal)
      LEFT JOIN tap_positions p ON p.destination_id = w.destination_id AND p.partition = w.partition
      LEFT JOIN LATERAL (
        SELECT min(e.first_position) AS first
        FROM event_batches e
        WHERE e.destination_id = w.destination_id
          AND e.partition = w.partition
          AND e.first_position < w.committed
          AND e.last_occurred_at > to_timestamp((w.committed_ms - $6::float8) / 1000)
          AND e.stored_at > now() - interval '2 hours'
      ) b ON true
      ORDER BY w.ordinal`,
    [
      commits.map((c) => c.destinationId),
      commits.map((c) => c.partition),
      commits.map((c) => c.offset),
      commits.map((c) => c.committedAtMs),
      commits.map((c) => c.storedAtMs),
      backMs,
      waitMs,
    ],
  );
  return rows.map((row) => ({ start: bigintOf(row.first), isAhead: row.is_ahead }));
}
