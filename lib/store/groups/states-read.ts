/** What groups have committed, and what was last reported of them. On the connection that holds the lock. */
import type pg from "pg";
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { wordOf } from "../db/rows.ts";

export interface PartitionStateRow {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  /** null: assigned, never committed; then the times are null too */
  readonly committedOffset: bigint | null;
  readonly committedAtMs: number | null;
  readonly movedAtMs: number | null;
  readonly memberId: string | null;
}

interface PartitionStateColumns {
  readonly group_id: number;
  readonly destination_id: number;
  readonly partition: number;
  readonly committed_offset: string | null;
  readonly committed_ms: number | null;
  readonly moved_ms: number | null;
  readonly member_id: string | null;
}

const GROUPS_PER_READ = 250;
const COMMITS_PER_FETCH = 5000;

/** The groups of a cluster that exist. */
export async function readGroupsThere(client: pg.Client, clusterId: number): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    "SELECT id FROM consumer_groups WHERE cluster_id = $1 AND gone_at IS NULL ORDER BY id",
    [clusterId],
  );
  return rows.map(({ id }) => id);
}

/**
 * The groups of all clusters that have committed in a transaction from this one on, as far as it is visible. The query
 * joins nothing: of a table just filled the planner knows too little.
 */
export async function readCommittedGroups(client: pg.Client, fromXid: bigint): Promise<number[]> {
  const { rows } = await client.query<{ group_id: number }>(
    "SELECT DISTINCT group_id FROM group_commits WHERE xid >= $1 AND stored_at > now() - interval '10 minutes'",
    [fromXid],
  );
  return rows.map((row) => row.group_id);
}

/**
 * The partitions of these groups on the topics of their cluster. Passes each row on and keeps none. The groups are read
 * in batches: there may be hundreds of thousands of rows, and while they are being written the planner's statistics are
 * too old for one query over all of them.
 */
export async function readPartitionStates(
  client: pg.Client,
  clusterId: number,
  groupIds: readonly number[],
  onRow: (row: PartitionStateRow) => void,
): Promise<void> {
  for (let from = 0; from < groupIds.length; from += GROUPS_PER_READ) {
    const { rows } = await client.query<PartitionStateColumns>(
      `
        SELECT p.group_id, p.destination_id, p.partition, p.committed_offset,
          round(extract(epoch FROM p.committed_at) * 1000)::float8 AS committed_ms,
          round(extract(epoch FROM p.moved_at) * 1000)::float8 AS moved_ms, p.member_id
        FROM group_partitions p
        JOIN destinations d ON d.id = p.destination_id
        WHERE p.group_id = ANY($1::int[])
          AND d.cluster_id = $2
          AND d.gone_at IS NULL
          AND (p.committed_offset IS NOT NULL OR p.member_id IS NOT NULL)`,
      [groupIds.slice(from, from + GROUPS_PER_READ), clusterId],
    );
    for (const row of rows) {
      onRow({
        groupId: row.group_id,
        destinationId: row.destination_id,
        partition: row.partition,
        committedOffset: row.committed_offset === null ? null : BigInt(row.committed_offset),
        committedAtMs: row.committed_ms,
        movedAtMs: row.moved_ms,
        memberId: row.member_id,
      });
    }
  }
}

export interface StoredCommit {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly offset: bigint;
  readonly atMs: number;
}

interface CommitColumns {
  readonly group_id: number;
  readonly destination_id: number;
  readonly partition: number;
  readonly committed_offset: string;
  readonly ms: number;
}

const storedCommit = (row: CommitColumns): StoredCommit => ({
  groupId: row.group_id,
  destinationId: row.destination_id,
  partition: row.partition,
  offset: BigInt(row.committed_offset),
  atMs: row.ms,
});
const COLUMNS = `
  c.group_id, c.destination_id, c.partition, c.committed_offset,
  round(extract(epoch FROM c.committed_at) * 1000)::float8 AS ms`;

/** The last commits of these group partitions, oldest first: from them the rings are rebuilt. */
export async function readLastCommits(
  client: pg.Client,
  partitions: readonly Pick<PartitionStateRow, "groupId" | "destinationId" | "partition">[],
  perPartition: number,
): Promise<StoredCommit[]> {
  const { rows } = await client.query<CommitColumns>(
    `
      SELECT ${COLUMNS}
      FROM unnest($1::int[], $2::int[], $3::int[]) AS p(group_id, destination_id, partition)
      CROSS JOIN LATERAL (
        SELECT *
        FROM group_commits k
        WHERE k.group_id = p.group_id
          AND k.destination_id = p.destination_id
          AND k.partition = p.partition
          AND k.stored_at > now() - interval '2 hours'
        ORDER BY k.committed_at DESC
        LIMIT $4
      ) c
      ORDER BY c.committed_at`,
    [
      partitions.map((at) => at.groupId),
      partitions.map((at) => at.destinationId),
      partitions.map((at) => at.partition),
      perPartition,
    ],
  );
  return rows.map(storedCommit);
}

/** Transactions below this have all ended: what they wrote is visible, and none will add to it. */
export async function readHorizon(client: pg.Client): Promise<bigint> {
  const { rows } = await client.query<{ xid: string }>("SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid");
  return BigInt(rows[0]?.xid ?? "0");
}

/**
 * The commits of a cluster that became visible between the two horizons, in their order, some thousands at a time:
 * after a backlog there are hundreds of thousands.
 */
export async function* readCommitsSince(
  client: pg.Client,
  clusterId: number,
  fromXid: bigint,
  toXid: bigint,
): AsyncGenerator<StoredCommit[]> {
  await client.query("BEGIN READ ONLY");
  try {
    await client.query(
      `
        DECLARE commits_seen NO SCROLL CURSOR FOR
        SELECT ${COLUMNS}
        FROM group_commits c
        JOIN consumer_groups g ON g.id = c.group_id AND g.cluster_id = $1
        WHERE c.xid >= $2 AND c.xid < $3 AND c.stored_at > now() - interval '10 minutes'
        ORDER BY c.xid, c.committed_at`,
      [clusterId, fromXid, toXid],
    );
    for (;;) {
      const { rows } = await client.query<CommitColumns>(`FETCH ${COMMITS_PER_FETCH} FROM commits_seen`);
      if (rows.length > 0) yield rows.map(storedCommit);
      if (rows.length < COMMITS_PER_FETCH) break;
    }
  } finally {
    await client.query("COMMIT");
  }
}

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

export interface ReportedGroup {
  readonly groupId: number;
  readonly verdict: Verdict;
  readonly verdictSinceMs: number | null;
  readonly causeSinceMs: number | null;
  readonly finding: ReportedFinding | null;
}

/** What was last reported of the groups that exist. Those of which nothing was reported are left out. */
export async function readReportedGroups(client: pg.Client, clusterId: number): Promise<ReportedGroup[]> {
  const { rows } = await client.query<{
    id: number;
    verdict: string;
    verdict_ms: number | null;
    cause_ms: number | null;
    cause_detail: ReportedFinding | null;
  }>(
    `
      SELECT id, verdict, round(extract(epoch FROM verdict_since) * 1000)::float8 AS verdict_ms,
        round(extract(epoch FROM cause_since) * 1000)::float8 AS cause_ms,
        CASE WHEN cause IS NOT NULL THEN cause_detail END AS cause_detail
      FROM consumer_groups
      WHERE cluster_id = $1 AND gone_at IS NULL AND verdict_since IS NOT NULL`,
    [clusterId],
  );
  return rows.map((row) => ({
    groupId: row.id,
    verdict: wordOf("consumer_groups.verdict", row.verdict),
    verdictSinceMs: row.verdict_ms,
    causeSinceMs: row.cause_ms,
    finding: row.cause_detail,
  }));
}
