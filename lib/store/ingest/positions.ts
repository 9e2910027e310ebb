/** The destinations of a cluster by name, and the stored positions of their partitions. */
import type pg from "pg";

export interface PartitionId {
  readonly destinationId: number;
  readonly partition: number;
}

export interface StoredPosition {
  readonly next: bigint;
  /** where to begin, so that nothing of the transactions is missed that were open then */
  readonly resumeFrom: bigint;
  /** of the leader that took the last record read; -1: not known */
  readonly leaderEpoch: number;
}

interface PositionRow {
  readonly destination_id: number;
  readonly partition: number;
  readonly next: string;
  readonly from: string;
  readonly epoch: number | null;
}

/** The positions of these partitions, in order; null: never read. */
export async function readPositions(
  pool: pg.Pool,
  partitions: readonly PartitionId[],
): Promise<(StoredPosition | null)[]> {
  const { rows } = await pool.query<PositionRow>(
    `
      SELECT destination_id, partition, next, coalesce(resume_from, next) AS "from", leader_epoch AS epoch
      FROM tap_positions
      WHERE destination_id = ANY($1)`,
    [[...new Set(partitions.map(({ destinationId }) => destinationId))]],
  );
  const stored = new Map(
    rows.map((row) => [
      `${row.destination_id} ${row.partition}`,
      { next: BigInt(row.next), resumeFrom: BigInt(row.from), leaderEpoch: row.epoch ?? -1 },
    ]),
  );
  return partitions.map(({ destinationId, partition }) => stored.get(`${destinationId} ${partition}`) ?? null);
}

/** Ids by name; a missing topic is inserted as an event topic that is not tapped. */
export async function destinationIds(
  pool: pg.Pool,
  clusterId: number,
  topics: readonly string[],
): Promise<Map<string, number>> {
  const find = async () => {
    const { rows } = await pool.query<{ id: number; name: string }>(
      "SELECT id, name FROM destinations WHERE cluster_id = $1 AND name = ANY($2)",
      [clusterId, topics],
    );
    return new Map(rows.map((row) => [row.name, row.id]));
  };
  const found = await find();
  if (found.size === topics.length) return found;
  // In the order of names, as every statement that inserts several.
  await pool.query(
    `
      INSERT INTO destinations (cluster_id, name)
      SELECT $1, u.name
      FROM unnest($2::text[]) AS u(name)
      ORDER BY u.name
      ON CONFLICT DO NOTHING`,
    [clusterId, topics.filter((topic) => !found.has(topic))],
  );
  return find();
}

/** Inserts the first positions of partitions. Positions that another tap has inserted meanwhile are kept. */
export async function insertPositions(
  client: pg.Pool | pg.PoolClient,
  rows: readonly (PartitionId & { readonly next: bigint })[],
): Promise<void> {
  await client.query(
    `
      INSERT INTO tap_positions (destination_id, partition, next, stored_at)
      SELECT *, now()
      FROM unnest($1::int[], $2::int[], $3::bigint[])
      ON CONFLICT DO NOTHING`,
    [rows.map((r) => r.destinationId), rows.map((r) => r.partition), rows.map((r) => r.next)],
  );
}
