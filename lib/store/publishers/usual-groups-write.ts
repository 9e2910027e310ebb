/** Which groups' commits follow the writes of which producers. Rows are locked in the same order as taps lock them. */
import type pg from "pg";

export interface UsualGroup {
  readonly clusterId: number;
  readonly producerId: bigint;
  /** null: none any more */
  readonly groupId: number | null;
}

export async function writeUsualGroups(client: pg.ClientBase, groups: readonly UsualGroup[]): Promise<void> {
  if (groups.length === 0) return;
  await client.query(
    `
      WITH locked AS (
        SELECT u.*
        FROM unnest($1::int[], $2::bigint[], $3::int[]) AS u(cluster_id, producer_id, group_id)
        JOIN producers p USING (cluster_id, producer_id)
        ORDER BY p.cluster_id, p.producer_id
        FOR NO KEY UPDATE OF p
      )
      UPDATE producers p
      SET usual_group_id = u.group_id
      FROM locked u
      WHERE p.cluster_id = u.cluster_id AND p.producer_id = u.producer_id`,
    [groups.map((one) => one.clusterId), groups.map((one) => one.producerId), groups.map((one) => one.groupId)],
  );
}
