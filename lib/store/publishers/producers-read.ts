/** What is known of the producers that wrote events. */
import type pg from "pg";

/** Without what is contradictory: a producer whose records name two services has none. */
export interface Producer {
  readonly clusterId: number;
  readonly producerId: bigint;
  readonly serviceId: number | null;
  /** the consumer group that its process is */
  readonly groupId: number | null;
  /** its transactions commit the group's offsets; else the group's commits follow its writes */
  readonly isGroupExact: boolean;
}

interface Written {
  readonly destinationId: number;
  readonly producerId: bigint | null;
}

/** Answers the producer of each of these events; null: not known, or nothing is known of it. */
export async function readProducers(
  client: pg.Client | pg.Pool,
  events: readonly Written[],
): Promise<(event: Written) => Producer | null> {
  const asked = new Map<string, Written>();
  for (const event of events) if (event.producerId !== null) asked.set(keyOf(event), event);
  if (asked.size === 0) return () => null;
  const wanted = [...asked.values()];
  const { rows } = await client.query<{
    destination_id: number;
    cluster_id: number;
    producer_id: string;
    service_id: number | null;
    group_id: number | null;
    is_exact: boolean;
  }>(
    `
      SELECT u.destination_id, p.cluster_id, u.producer_id,
        CASE WHEN NOT p.service_conflict THEN p.service_id END AS service_id,
        CASE WHEN NOT p.group_conflict THEN coalesce(p.group_id, p.usual_group_id) END AS group_id,
        p.group_id IS NOT NULL AS is_exact
      FROM unnest($1::int[], $2::bigint[]) AS u(destination_id, producer_id)
      JOIN destinations d ON d.id = u.destination_id
      JOIN producers p ON p.cluster_id = d.cluster_id AND p.producer_id = u.producer_id`,
    [wanted.map((one) => one.destinationId), wanted.map((one) => one.producerId)],
  );
  const found = new Map(
    rows.map((row) => [
      `${row.destination_id} ${row.producer_id}`,
      {
        clusterId: row.cluster_id,
        producerId: BigInt(row.producer_id),
        serviceId: row.service_id,
        groupId: row.group_id,
        isGroupExact: row.is_exact,
      },
    ]),
  );
  return (event) => found.get(keyOf(event)) ?? null;
}

const keyOf = ({ destinationId, producerId }: Written): string => `${destinationId} ${producerId}`;

const GROUP_SERVICES = `
  SELECT group_id, min(service_id) AS service_id
  FROM producers
  WHERE group_id IS NOT NULL AND NOT group_conflict AND service_id IS NOT NULL AND NOT service_conflict
  GROUP BY group_id
  HAVING min(service_id) = max(service_id)`;

/** Services of groups, by their ids: what the producers that commit a group's offsets name, when all name one. */
export async function readGroupServices(client: pg.Client | pg.Pool): Promise<Map<number, number>> {
  const { rows } = await client.query<{ group_id: number; service_id: number }>(GROUP_SERVICES);
  return new Map(rows.map((row) => [row.group_id, row.service_id]));
}

/** The same with the names of the services. */
export async function readGroupServiceNames(client: pg.Client | pg.Pool): Promise<Map<number, string>> {
  const { rows } = await client.query<{ group_id: number; name: string }>(
    `
      SELECT p.group_id, s.name
      FROM (${GROUP_SERVICES}) p
      JOIN services s ON s.id = p.service_id`,
  );
  return new Map(rows.map((row) => [row.group_id, row.name]));
}
