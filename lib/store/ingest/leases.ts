/** Which taps are alive and read a cluster. A lease that is not renewed ends, even if its tap still hangs somewhere. */
import type pg from "pg";

/** A killed tap's partitions go to the others after this time. */
const LEASE = "5 seconds";
const KEPT = "1 minute";
/** A tap that lives renews its lease each second. */
const SILENT_AFTER = "2.5 seconds";
/** Until then the others have taken over from a silent tap, and stored what had come meanwhile. */
const TAKEN_OVER_AFTER = "10 seconds";

/** Renews the tap's lease. Answers the ids of all taps with a lease, this one among them. */
export async function renewLease(pool: pg.Pool, clusterId: number, tapId: number): Promise<number[]> {
  const { rows } = await pool.query<{ tap_id: number }>(
    `
      WITH mine AS (
        INSERT INTO tap_leases (cluster_id, tap_id, renewed_at)
        VALUES ($1, $2, clock_timestamp())
        ON CONFLICT (cluster_id, tap_id) DO UPDATE
        SET renewed_at = EXCLUDED.renewed_at
      ),
      ended AS (
        DELETE FROM tap_leases
        WHERE cluster_id = $1 AND tap_id <> $2 AND renewed_at < clock_timestamp() - interval '${KEPT}'
      )
      SELECT tap_id
      FROM tap_leases
      WHERE cluster_id = $1 AND tap_id <> $2 AND renewed_at > clock_timestamp() - interval '${LEASE}'`,
    [clusterId, tapId],
  );
  return [tapId, ...rows.map((row) => row.tap_id)].sort((a, b) => a - b);
}

/**
 * Whether what is stored lacks something that comes in a moment: a tap has fallen silent whose partitions the others do
 * not read yet, or a tap has just begun with a cluster whose groups have not been looked at even once, so that nobody
 * knows who reads what. Groups that cannot be listed are not waited for longer than a minute.
 */
export async function isReadingIncomplete(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query(
    `
      SELECT 1
      FROM tap_leases
      WHERE renewed_at < clock_timestamp() - interval '${SILENT_AFTER}'
        AND renewed_at > clock_timestamp() - interval '${TAKEN_OVER_AFTER}'
      UNION ALL
      SELECT 1
      FROM tap_leases l
      JOIN tap_processes t ON t.id = l.tap_id AND t.started_at > clock_timestamp() - interval '1 minute'
      LEFT JOIN background_work w ON w.kind = 'monitor' AND w.cluster_id = l.cluster_id
      WHERE l.renewed_at > clock_timestamp() - interval '${SILENT_AFTER}' AND w.done_at IS NULL
      LIMIT 1`,
  );
  return rows.length > 0;
}

/** The others take over at their next renewal. */
export async function endLease(pool: pg.Pool, clusterId: number, tapId: number): Promise<void> {
  await pool.query("DELETE FROM tap_leases WHERE cluster_id = $1 AND tap_id = $2", [clusterId, tapId]);
}
