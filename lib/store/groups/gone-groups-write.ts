/** Ends the incidents of groups that the broker no longer has. */
import type pg from "pg";

/** Closes the incidents of groups that are gone. Answers these groups. */
export async function closeGoneGroups(client: pg.Client, clusterId: number): Promise<number[]> {
  const { rows } = await client.query<{ group_id: number }>(
    `
      WITH gone AS (
        UPDATE incidents i
        SET closed_at = greatest(i.opened_at, now())
        FROM consumer_groups g
        WHERE i.cluster_id = $1 AND i.closed_at IS NULL AND g.id = i.group_id AND g.gone_at IS NOT NULL
        RETURNING i.id, i.group_id
      ),
      changes AS (
        INSERT INTO incident_changes (incident_id, at, kind, verdict, reason)
        SELECT id, now(), 'closed', 'unknown', 'the group was deleted'
        FROM gone
      ),
      cleared AS (
        UPDATE consumer_groups g
        SET verdict = 'unknown',
          cause = NULL,
          cause_since = NULL,
          cause_detail = NULL,
          reason = NULL,
          reason_kind = NULL,
          severity = 0
        FROM gone
        WHERE g.id = gone.group_id
      )
      SELECT group_id
      FROM gone`,
    [clusterId],
  );
  return rows.map((row) => row.group_id);
}
