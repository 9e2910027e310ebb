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

/** The transaction that keeps the last stable offset where it is; what is not known of it is null. */
export interface StalledTransaction {
  /** since when the last stable offset stands still below the end */
  readonly sinceMs: number;
  readonly producerId: bigint | null;
  readonly producerEpoch: number | null;
  readonly transactionalId: string | null;
  readonly startedAtMs: number | null;
}

export interface OffsetsRow {
  readonly destinationId: number;
  readonly partition: number;
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  readonly lastStableOffset: bigint;
  readonly leader: number | null;
  /** on the leader's disks; null: not known */
  readonly sizeBytes: bigint | null;
  readonly heldByTransaction: StalledTransaction | null;
}

export async function writeOffsets(client: pg.Client, rows: readonly OffsetsRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `
      INSERT INTO partition_offsets (
        destination_id, partition, log_start_offset, end_offset, last_stable_offset, leader, size_bytes,
        held_since, held_by, observed_at
      )
      SELECT u.destination_id, u.partition, u.log_start, u.end_offset, u.stable, u.leader, u.size,
        to_timestamp(u.held_ms / 1000.0), u.held_by, now()
      FROM unnest(
        $1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[], $7::bigint[], $8::float8[],
        $9::jsonb[]
      ) AS u(destination_id, partition, log_start, end_offset, stable, leader, size, held_ms, held_by)
      ON CONFLICT (destination_id, partition) DO UPDATE
      SET log_start_offset = EXCLUDED.log_start_offset,
        end_offset = EXCLUDED.end_offset,
        last_stable_offset = EXCLUDED.last_stable_offset,
        leader = EXCLUDED.leader,
        size_bytes = EXCLUDED.size_bytes,
        held_since = EXCLUDED.held_since,
        held_by = EXCLUDED.held_by,
        observed_at = EXCLUDED.observed_at`,
    [
      rows.map((r) => r.destinationId),
      rows.map((r) => r.partition),
      rows.map((r) => r.logStartOffset),
      rows.map((r) => r.endOffset),
      rows.map((r) => r.lastStableOffset),
      rows.map((r) => r.leader),
      rows.map((r) => r.sizeBytes),
      rows.map((r) => r.heldByTransaction?.sinceMs ?? null),
      rows.map((r) => (r.heldByTransaction === null ? null : transactionJson(r.heldByTransaction))),
    ],
  );
}

/** {producerId, producerEpoch, transactionalId, startedAt}; null while it is not known who it is. */
function transactionJson({
  producerId,
  producerEpoch,
  transactionalId,
  startedAtMs,
}: StalledTransaction): string | null {
  return producerId === null
    ? null
    : JSON.stringify({
        producerId: String(producerId),
        producerEpoch,
        transactionalId,
        startedAt: startedAtMs === null ? null : new Date(startedAtMs).toISOString(),
      });
}

/** The broker has no offsets of leaderless partitions: only that they have no leader is written. */
export async function markLeaderless(
  client: pg.Client,
  rows: readonly { readonly destinationId: number; readonly partition: number }[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `
      UPDATE partition_offsets p
      SET leader = NULL
      FROM unnest($1::int[], $2::int[]) AS u(destination_id, partition)
      WHERE p.destination_id = u.destination_id AND p.partition = u.partition AND p.leader IS NOT NULL`,
    [rows.map((r) => r.destinationId), rows.map((r) => r.partition)],
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
