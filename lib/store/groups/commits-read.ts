/** The commits of groups as the evaluation reads them. On the connection that holds the lock. */
import type pg from "pg";
import type { PartitionStateRow } from "./states-read.ts";

const COMMITS_PER_FETCH = 5000;
const REMEMBERED = "2 hours";

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
          AND k.stored_at > now() - interval '${REMEMBERED}'
          AND k.stored_at < now() + interval '1 minute'
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

/** Whether no more commits than this are remembered, of all clusters. */
export async function areCommitsFewerThan(client: pg.Client, most: number): Promise<boolean> {
  const { rows } = await client.query<{ few: boolean }>(
    `
      SELECT count(*) < $1::int AS few
      FROM (SELECT 1 FROM group_commits WHERE stored_at > now() - interval '${REMEMBERED}' LIMIT $1::int) c`,
    [most],
  );
  return rows[0]?.few === true;
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
  yield* readByCursor(
    client,
    "c.xid >= $2 AND c.xid < $3 AND c.stored_at > now() - interval '10 minutes' ORDER BY c.xid, c.committed_at",
    [clusterId, fromXid, toXid],
  );
}

/** All commits of a cluster that are remembered and became visible below the horizon, in their order. */
export const readAllCommits = (client: pg.Client, clusterId: number, toXid: bigint): AsyncGenerator<StoredCommit[]> =>
  readByCursor(client, `c.xid < $2 AND c.stored_at > now() - interval '${REMEMBERED}' ORDER BY c.committed_at`, [
    clusterId,
    toXid,
  ]);

/** `where`: what is read, and in which order; $1 is the cluster's id. */
async function* readByCursor(
  client: pg.Client,
  where: string,
  values: readonly unknown[],
): AsyncGenerator<StoredCommit[]> {
  await client.query("BEGIN READ ONLY");
  try {
    await client.query(
      `
        DECLARE commits_seen NO SCROLL CURSOR FOR
        SELECT ${COLUMNS}
        FROM group_commits c
        JOIN consumer_groups g ON g.id = c.group_id AND g.cluster_id = $1
        WHERE ${where}`,
      [...values],
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
