/** Partitions that cannot be read at the moment, for the pages. */
import type pg from "pg";
import type { PartitionId } from "./positions.ts";

/** Says why partitions are not read; null: they are. The time of a fault is that of its first report. */
export async function writePartitionFaults(
  pool: pg.Pool,
  rows: readonly (PartitionId & { readonly reason: string | null })[],
): Promise<void> {
  const [faulty, healthy] = [rows.filter((r) => r.reason !== null), rows.filter((r) => r.reason === null)];
  if (healthy.length > 0)
    await pool.query(
      `
        DELETE FROM tap_faults f
        USING unnest($1::int[], $2::int[]) AS u(destination_id, partition)
        WHERE f.destination_id = u.destination_id AND f.partition = u.partition`,
      [healthy.map((r) => r.destinationId), healthy.map((r) => r.partition)],
    );
  if (faulty.length > 0)
    await pool.query(
      `
        INSERT INTO tap_faults (destination_id, partition, reason, since)
        SELECT *, now()
        FROM unnest($1::int[], $2::int[], $3::text[])
        ORDER BY 1, 2
        ON CONFLICT (destination_id, partition) DO UPDATE
        SET reason = EXCLUDED.reason`,
      [faulty.map((r) => r.destinationId), faulty.map((r) => r.partition), faulty.map((r) => r.reason)],
    );
}
