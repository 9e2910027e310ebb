import type pg from "pg";

/** How far the consumers of these queues were, and where the queues ended, when that was last stored. */
export async function readProgress(
  pool: pg.Pool,
  clusterId: number,
  groups: readonly string[],
): Promise<Map<string, { readonly consumed: bigint; readonly end: bigint }>> {
  const { rows } = await pool.query<{ name: string; consumed: string; end: string }>(
    `
      SELECT g.name, p.committed_offset AS consumed, greatest(o.end_offset, p.committed_offset) AS "end"
      FROM consumer_groups g
      JOIN group_partitions p ON p.group_id = g.id AND p.committed_offset IS NOT NULL
      JOIN partition_offsets o ON o.destination_id = p.destination_id AND o.partition = p.partition
      WHERE g.cluster_id = $1 AND g.protocol = 'queue' AND g.name = ANY ($2)`,
    [clusterId, groups],
  );
  return new Map(rows.map(({ name, consumed, end }) => [name, { consumed: BigInt(consumed), end: BigInt(end) }]));
}
