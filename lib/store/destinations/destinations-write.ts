/** What the broker says of topics and their partitions, as last asked. On the connection that holds the lock. */
import type pg from "pg";

interface TopicSettings {
  readonly cleanupPolicy: string | null;
  readonly retentionMs: bigint | null;
  readonly retentionBytes: bigint | null;
}

/** The ids of a cluster's destinations by name. */
export async function destinationsOf(client: pg.Client, clusterId: number): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: number; name: string }>(
    "SELECT id, name FROM destinations WHERE cluster_id = $1",
    [clusterId],
  );
  return new Map(rows.map((row) => [row.name, row.id]));
}

export async function writeSettings(
  client: pg.Client,
  clusterId: number,
  settings: ReadonlyMap<string, TopicSettings>,
): Promise<void> {
  const rows = [...settings];
  await client.query(
    `
      UPDATE destinations d
      SET cleanup_policy = u.policy, retention_ms = u.ms, retention_bytes = u.bytes
      FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) AS u(name, policy, ms, bytes)
      WHERE d.cluster_id = $1
        AND d.name = u.name
        AND (d.cleanup_policy, d.retention_ms, d.retention_bytes) IS DISTINCT FROM (u.policy, u.ms, u.bytes)`,
    [
      clusterId,
      rows.map(([name]) => name),
      rows.map(([, at]) => at.cleanupPolicy),
      rows.map(([, at]) => at.retentionMs),
      rows.map(([, at]) => at.retentionBytes),
    ],
  );
}

/** Topics that are there no longer keep their history and are marked gone. */
export async function markGoneDestinations(
  client: pg.Client,
  clusterId: number,
  present: readonly string[],
): Promise<void> {
  await client.query(
    `
      UPDATE destinations d
      SET gone_at = now()
      WHERE cluster_id = $1
        AND gone_at IS NULL
        AND first_seen_at < now() - interval '10 seconds'
        AND NOT EXISTS (SELECT 1 FROM unnest($2::text[]) AS u(name) WHERE u.name = d.name)`,
    [clusterId, present],
  );
}

export async function readServiceNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>("SELECT name FROM services");
  return rows.map((row) => row.name);
}

export async function readCommitSource(client: pg.Client, clusterId: number): Promise<string> {
  const { rows } = await client.query<{ commit_source: string }>("SELECT commit_source FROM clusters WHERE id = $1", [
    clusterId,
  ]);
  return rows[0]?.commit_source ?? "unknown";
}

export async function markInspected(client: pg.Client, clusterId: number, externalId: string | null): Promise<void> {
  await client.query(
    "UPDATE clusters SET inspected_at = now(), external_id = coalesce($2, external_id) WHERE id = $1",
    [clusterId, externalId],
  );
}
