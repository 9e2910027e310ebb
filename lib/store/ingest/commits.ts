import type pg from "pg";

export interface CommitRow {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  /** null: the commit was removed */
  readonly offset: bigint | null;
  readonly committedAtMs: number;
}

// A commit of the same offset shows that the group is running, but does not move its position. Removed commits are
// among them, so that all rows are locked in the order of their key: the monitor writes the same ones.
const WRITE = `
  WITH given AS (
    SELECT *
    FROM unnest($2::int[], $3::int[], $4::int[], $5::bigint[], $6::float8[], $7::boolean[])
      AS u(group_id, destination_id, partition, committed_offset, ms, is_latest)
  ),
  history AS (
    INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
    SELECT to_timestamp($1::bigint / 1000.0), to_timestamp(ms / 1000.0), group_id, destination_id, partition,
      committed_offset
    FROM given
    WHERE committed_offset IS NOT NULL
  )
  INSERT INTO group_partitions AS p (group_id, destination_id, partition, committed_offset, committed_at, moved_at)
  SELECT group_id, destination_id, partition, committed_offset, to_timestamp(ms / 1000.0),
    to_timestamp(ms / 1000.0)
  FROM given
  WHERE is_latest
  ORDER BY group_id, destination_id, partition
  ON CONFLICT (group_id, destination_id, partition) DO UPDATE
  SET committed_offset = EXCLUDED.committed_offset,
    committed_at = EXCLUDED.committed_at,
    moved_at = CASE
      WHEN p.committed_offset IS DISTINCT FROM EXCLUDED.committed_offset THEN EXCLUDED.moved_at
      ELSE p.moved_at
    END`;

const REMOVE = `
  DELETE FROM group_partitions p
  USING unnest($1::int[], $2::int[], $3::int[]) AS u(group_id, destination_id, partition)
  WHERE p.group_id = u.group_id AND p.destination_id = u.destination_id AND p.partition = u.partition`;

export interface Commits {
  /** the latest commit of each group partition, at most one */
  readonly latest: readonly CommitRow[];
  /** earlier commits, for the history only */
  readonly before?: readonly CommitRow[];
}

/** Writes commits inside the caller's transaction. */
export async function writeCommits(
  flush: { readonly client: pg.ClientBase; readonly storedAtMs: number },
  { latest, before = [] }: Commits,
): Promise<void> {
  const isLatest = new Set(latest);
  const removed = latest.filter((row) => row.offset === null);
  const all = [...before.filter((row) => row.offset !== null), ...latest];
  if (all.length > 0) {
    await flush.client.query(WRITE, [
      flush.storedAtMs,
      all.map((r) => r.groupId),
      all.map((r) => r.destinationId),
      all.map((r) => r.partition),
      all.map((r) => r.offset),
      all.map((r) => r.committedAtMs),
      all.map((r) => isLatest.has(r)),
    ]);
  }
  if (removed.length > 0)
    await flush.client.query(REMOVE, [
      removed.map((r) => r.groupId),
      removed.map((r) => r.destinationId),
      removed.map((r) => r.partition),
    ]);
}

export interface GenerationRow {
  readonly groupId: number;
  readonly generation: number;
  readonly atMs: number;
  readonly members: number;
  readonly clients: readonly string[];
  /** number of rebalances that this row represents */
  readonly count: number;
}

// A repeated generation is no rebalance: Kafka writes it again when a member is renamed, and after a restart.
const GROUP_EVENT = `
  INSERT INTO group_events (group_id, at, kind, detail)
  SELECT u.group_id, to_timestamp(u.ms / 1000.0), 'rebalance', u.detail
  FROM unnest($1::int[], $2::float8[], $3::int[], $4::jsonb[]) AS u(group_id, ms, generation, detail)
  WHERE u.generation IS DISTINCT FROM (
    SELECT (m.detail->>'generation')::int
    FROM group_events m
    WHERE m.group_id = u.group_id AND m.kind = 'rebalance'
    ORDER BY m.at DESC, m.id DESC
    LIMIT 1
  )`;

/** Writes rebalances inside the caller's transaction, in the given order; each has the time it completed. */
export async function writeGenerations(
  flush: { readonly client: pg.ClientBase },
  rows: readonly GenerationRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const details = rows.map(({ generation, members, clients, count }) =>
    JSON.stringify({ generation, members, protocol: "classic", clients, ...(count > 1 && { count }) }),
  );
  await flush.client.query(GROUP_EVENT, [
    rows.map((r) => r.groupId),
    rows.map((r) => r.atMs),
    rows.map((r) => r.generation),
    details,
  ]);
}
