import type pg from "pg";

export interface RouteRow {
  readonly destinationId: number;
  readonly groupId: number;
}

/** `routes`: all that a cluster has now. Those that are there no longer are kept, with the time at which they went. */
export async function writeRoutes(client: pg.Client, clusterId: number, routes: readonly RouteRow[]): Promise<void> {
  const ids = [routes.map(({ destinationId }) => destinationId), routes.map(({ groupId }) => groupId)];
  await client.query(
    `
      INSERT INTO destination_routes AS r (destination_id, group_id)
      SELECT * FROM unnest($1::int[], $2::int[])
      ON CONFLICT (destination_id, group_id) DO UPDATE
      SET known_since = now(), gone_at = NULL
      WHERE r.gone_at IS NOT NULL`,
    ids,
  );
  await client.query(
    `
      UPDATE destination_routes r
      SET gone_at = now()
      FROM destinations d
      WHERE d.id = r.destination_id
        AND d.cluster_id = $3
        AND r.gone_at IS NULL
        AND NOT EXISTS (
          SELECT 1
          FROM unnest($1::int[], $2::int[]) AS u(destination_id, group_id)
          WHERE (u.destination_id, u.group_id) = (r.destination_id, r.group_id)
        )`,
    [...ids, clusterId],
  );
}
