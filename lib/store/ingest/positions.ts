/** The destinations of a cluster and the stored positions of their partitions. */
import type pg from "pg";

export interface StoredPartition {
  readonly destinationId: number;
  readonly topic: string;
  readonly partition: number;
  /** the next offset to read; null: the partition was never read */
  readonly next: bigint | null;
}

/** Destinations and positions of these partitions, in the order given. Missing destinations are inserted. */
export async function readPositions(
  pool: pg.Pool,
  clusterId: number,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): Promise<StoredPartition[]> {
  const topics = [...new Set(partitions.map((ref) => ref.topic))];
  const ids = await destinationIds(pool, clusterId, topics);
  const { rows } = await pool.query<{ destination_id: number; partition: number; next: string }>(
    "SELECT destination_id, partition, next FROM tap_positions WHERE destination_id = ANY($1)",
    [[...ids.values()]],
  );
  const next = new Map(rows.map((row) => [`${row.partition} ${row.destination_id}`, BigInt(row.next)]));
  return partitions.map(({ topic, partition }) => {
    const destinationId = ids.get(topic);
    if (destinationId === undefined) throw new Error(`the destination ${topic} vanished while it was being read`);
    return { destinationId, topic, partition, next: next.get(`${partition} ${destinationId}`) ?? null };
  });
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
  await pool.query(
    "INSERT INTO destinations (cluster_id, name) SELECT $1, * FROM unnest($2::text[]) ON CONFLICT DO NOTHING",
    [clusterId, topics.filter((topic) => !found.has(topic))],
  );
  return find();
}

/** Inserts the first positions of partitions. Positions that another tap has inserted meanwhile are kept. */
export async function insertPositions(
  client: pg.Pool | pg.PoolClient,
  rows: readonly { readonly destinationId: number; readonly partition: number; readonly next: bigint }[],
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
