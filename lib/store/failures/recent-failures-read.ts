/** How many dead letters each group of a cluster has lately. */
import type pg from "pg";

/** Dead letters of the cluster's groups in the last minutes, by group name. */
export async function readRecentFailures(
  client: pg.Client,
  clusterId: number,
  minutes: number,
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ group_name: string; failures: number }>(
    `
      SELECT group_name, count(*)::int AS failures
      FROM failures
      WHERE cluster_id = $1 AND failed_at > now() - $2::int * interval '1 minute' AND group_name IS NOT NULL
      GROUP BY 1`,
    [clusterId, minutes],
  );
  return new Map(rows.map((row) => [row.group_name, row.failures]));
}
