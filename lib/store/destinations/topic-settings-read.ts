/** The retention and cleanup settings of a cluster's topics, as last read from the broker. */
import type pg from "pg";

export interface TopicSettingsRow {
  readonly cleanupPolicy: string | null;
  readonly retentionMs: bigint | null;
  readonly retentionBytes: bigint | null;
}

export async function readTopicSettings(client: pg.Client, clusterId: number): Promise<Map<number, TopicSettingsRow>> {
  const { rows } = await client.query<{
    id: number;
    cleanup_policy: string | null;
    retention_ms: string | null;
    retention_bytes: string | null;
  }>(
    `
      SELECT id, cleanup_policy, retention_ms, retention_bytes
      FROM destinations
      WHERE cluster_id = $1 AND gone_at IS NULL`,
    [clusterId],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        cleanupPolicy: row.cleanup_policy,
        retentionMs: row.retention_ms === null ? null : BigInt(row.retention_ms),
        retentionBytes: row.retention_bytes === null ? null : BigInt(row.retention_bytes),
      },
    ]),
  );
}
