/** What groups have committed on each partition. On the connection that holds the lock. */
import type pg from "pg";

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

const GROUPS_PER_READ = 1000;

/** The groups of a cluster that exist. */
export async function readGroupsThere(client: pg.Client, clusterId: number): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    "SELECT id FROM consumer_groups WHERE cluster_id = $1 AND gone_at IS NULL ORDER BY id",
    [clusterId],
  );
  return rows.map(({ id }) => id);
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
  if (groupIds.length === 0) return;
  // Not joined: of tables just filled the planner knows too little, and asks for each destination by itself.
  const there = await client.query<{ id: number }>(
    "SELECT id FROM destinations WHERE cluster_id = $1 AND gone_at IS NULL",
    [clusterId],
  );
  const destinations = new Set(there.rows.map(({ id }) => id));
  for (let from = 0; from < groupIds.length; from += GROUPS_PER_READ) {
    const { rows } = await client.query<PartitionStateColumns>(
      `
        SELECT p.group_id, p.destination_id, p.partition, p.committed_offset,
          round(date_part('epoch', p.committed_at) * 1000) AS committed_ms,
          round(date_part('epoch', p.moved_at) * 1000) AS moved_ms, p.member_id
        FROM group_partitions p
        WHERE p.group_id = ANY($1::int[]) AND (p.committed_offset IS NOT NULL OR p.member_id IS NOT NULL)`,
      [groupIds.slice(from, from + GROUPS_PER_READ)],
    );
    for (const row of rows) {
      if (!destinations.has(row.destination_id)) continue;
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
