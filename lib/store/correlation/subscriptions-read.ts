/** Which groups read what, and the services there are. */
import type pg from "pg";
import type { GroupSubscription } from "#lib/domain/correlation/trace.ts";

/** The service is that of the last poll, which may be older than the first event of the service. */
export interface NamedSubscription extends GroupSubscription {
  readonly group: string;
}

/** Which groups read what: by their commits, their members' assignments, and the routes that lead to them. */
export async function readGroupSubscriptions(client: pg.Client): Promise<NamedSubscription[]> {
  const { rows } = await client.query<{
    group_id: number;
    name: string;
    destination_id: number;
    service_id: number | null;
    is_own: boolean;
  }>(
    `
      SELECT DISTINCT p.group_id, g.name, p.destination_id, g.service_id,
        starts_with(d.name, g.name || '-') AND d.name LIKE '%-repartition' AS is_own
      FROM (
        SELECT group_id, destination_id FROM group_partitions
        UNION ALL
        SELECT group_id, destination_id FROM destination_routes WHERE gone_at IS NULL
      ) p
      JOIN consumer_groups g ON g.id = p.group_id
      JOIN destinations d ON d.id = p.destination_id
      WHERE g.gone_at IS NULL`,
  );
  return rows.map((row) => ({
    groupId: row.group_id,
    group: row.name,
    destinationId: row.destination_id,
    serviceId: row.service_id,
    isOwn: row.is_own,
  }));
}

/** The ids of all services by their names. */
export async function readServiceIds(client: pg.Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: number; name: string }>("SELECT id, name FROM services");
  return new Map(rows.map((row) => [row.name, row.id]));
}
