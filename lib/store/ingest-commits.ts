import type pg from "pg";

export interface CommitRow {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  /** null: the commit was removed */
  readonly offset: bigint | null;
  readonly committedAtMs: number;
}

// A commit that repeats the offset proves that the group lives, but moves nothing.
const WRITE = `
  WITH told AS (
    SELECT * FROM unnest($2::int[], $3::int[], $4::int[], $5::bigint[], $6::float8[]) AS u(group_id, destination_id, partition, committed_offset, ms)
  ), history AS (
    INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
    SELECT to_timestamp($1::bigint / 1000.0), to_timestamp(ms / 1000.0), group_id, destination_id, partition, committed_offset FROM told
  )
  INSERT INTO group_partitions AS p (group_id, destination_id, partition, committed_offset, committed_at, moved_at)
  SELECT group_id, destination_id, partition, committed_offset, to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0) FROM told
  ORDER BY group_id, destination_id, partition
  ON CONFLICT (group_id, destination_id, partition) DO UPDATE SET committed_offset = EXCLUDED.committed_offset, committed_at = EXCLUDED.committed_at,
    moved_at = CASE WHEN p.committed_offset IS DISTINCT FROM EXCLUDED.committed_offset THEN EXCLUDED.moved_at ELSE p.moved_at END`;

const REMOVE = `
  DELETE FROM group_partitions p USING unnest($1::int[], $2::int[], $3::int[]) AS u(group_id, destination_id, partition)
  WHERE p.group_id = u.group_id AND p.destination_id = u.destination_id AND p.partition = u.partition`;

/** The last word on each group's partition, inside the caller's transaction. At most one row per partition of a group. */
export async function writeCommits(flush: { readonly client: pg.ClientBase; readonly storedAtMs: number }, rows: readonly CommitRow[]): Promise<void> {
  const made = rows.filter((row) => row.offset !== null);
  const removed = rows.filter((row) => row.offset === null);
  if (made.length > 0) {
    await flush.client.query(WRITE, [flush.storedAtMs, made.map((r) => r.groupId), made.map((r) => r.destinationId), made.map((r) => r.partition), made.map((r) => r.offset), made.map((r) => r.committedAtMs)]);
  }
  if (removed.length > 0) await flush.client.query(REMOVE, [removed.map((r) => r.groupId), removed.map((r) => r.destinationId), removed.map((r) => r.partition)]);
}
