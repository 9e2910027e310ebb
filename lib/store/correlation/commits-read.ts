/** Commits as the correlator counts them. */
import type pg from "pg";
import { bigintOf, epochMs } from "../db/rows.ts";
import { LATE_BY_MS, type CorrelationCursor } from "./window.ts";

export interface CommitToCount {
  readonly xid: bigint;
  readonly storedAtMs: number;
  readonly committedAtMs: number;
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly offset: bigint;
}

export async function readCommits(
  client: pg.Client,
  from: CorrelationCursor,
  upTo: bigint,
  limit: number,
): Promise<CommitToCount[]> {
  const { rows } = await client.query<{
    xid: string;
    stored_ms: number;
    committed_ms: number;
    group_id: number;
    destination_id: number;
    partition: number;
    committed_offset: string;
  }>(
    `
      SELECT xid, ${epochMs("stored_at")} AS stored_ms,
        ${epochMs("committed_at")} AS committed_ms, group_id, destination_id,
        partition, committed_offset
      FROM group_commits
      WHERE xid >= $1 AND xid < $2 AND stored_at > to_timestamp($3::float8 / 1000)
      ORDER BY xid, committed_at
      LIMIT $4`,
    [from.xid, upTo, from.storedAtMs - LATE_BY_MS, limit],
  );
  return rows.map((row) => ({
    xid: BigInt(row.xid),
    storedAtMs: row.stored_ms,
    committedAtMs: row.committed_ms,
    groupId: row.group_id,
    destinationId: row.destination_id,
    partition: row.partition,
    offset: BigInt(row.committed_offset),
  }));
}

export interface GroupPartitionRef {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
}

/** The last offset of each group partition that was counted before the cursor; null: none was. In the order given. */
export async function readLastCounted(
  client: pg.Client,
  partitions: readonly GroupPartitionRef[],
  before: bigint,
): Promise<(bigint | null)[]> {
  if (partitions.length === 0) return [];
  const { rows } = await client.query<{ offset: string | null }>(
    `
      SELECT c.committed_offset AS offset
      FROM unnest($1::int[], $2::int[], $3::int[])
        WITH ORDINALITY AS w(group_id, destination_id, partition, ordinal)
      LEFT JOIN LATERAL (
        SELECT committed_offset
        FROM group_commits k
        WHERE k.group_id = w.group_id
          AND k.destination_id = w.destination_id
          AND k.partition = w.partition
          AND k.xid < $4
        ORDER BY k.committed_at DESC
        LIMIT 1
      ) c ON true
      ORDER BY w.ordinal`,
    [
      partitions.map((p) => p.groupId),
      partitions.map((p) => p.destinationId),
      partitions.map((p) => p.partition),
      before,
    ],
  );
  return rows.map((row) => bigintOf(row.offset));
}
