/** Clusters and the state of the tap's connection to each of them. */
import type pg from "pg";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import type { ClusterState, CommitSource } from "#lib/domain/health/cluster.ts";

export async function ensureCluster(pool: pg.Pool, cluster: ClusterConfig): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `
      INSERT INTO clusters (name, system, brokers)
      VALUES ($1, $2, $3)
      ON CONFLICT (name) DO UPDATE
      SET system = EXCLUDED.system, brokers = EXCLUDED.brokers
      RETURNING id`,
    [cluster.name, cluster.system, cluster.brokers],
  );
  return (rows[0] as { id: number }).id;
}

/** Stores the connection's state. Its time stays as long as the state does not change. */
export async function setClusterState(
  pool: pg.Pool,
  clusterId: number,
  state: Exclude<ClusterState, "connecting">,
  reason: string | null,
): Promise<void> {
  await pool.query(
    `
      UPDATE clusters
      SET state = $2, state_reason = $3, state_since = CASE WHEN state = $2 THEN state_since ELSE now() END
      WHERE id = $1 AND (state <> $2 OR state_reason IS DISTINCT FROM $3)`,
    [clusterId, state, reason],
  );
}

export async function setCommitSource(
  pool: pg.Pool,
  clusterId: number,
  source: Exclude<CommitSource, "unknown">,
): Promise<void> {
  await pool.query("UPDATE clusters SET commit_source = $2 WHERE id = $1 AND commit_source <> $2", [clusterId, source]);
}
