/** What services published to topics in a window. */
import type { PublishFact } from "#lib/domain/flow/rows.ts";
import type { PrismaClient } from "../db/database.ts";
import { sketches, sketchesOf, type Sketches } from "./sketches.ts";
import { Prisma } from "../prisma/generated/client.ts";
import type { FlowWindow } from "./flow-window.ts";

export async function publishFacts(
  prisma: PrismaClient,
  { publishes: { from, to }, knownFrom }: FlowWindow,
): Promise<PublishFact<Sketches>[]> {
  const rows = await prisma.$queryRaw<
    {
      cluster: string;
      topic: string;
      service: string | null;
      type: string | null;
      schemaVersion: string;
      events: bigint;
      errors: bigint;
      latency: string[] | null;
    }[]
  >`
    WITH sums AS (
      SELECT destination_id, service_id, type_id,
        coalesce(sum(events) FILTER (WHERE bucket >= ${from}), 0)::bigint AS events,
        coalesce(sum(errors) FILTER (WHERE bucket >= ${from}), 0)::bigint AS errors,
        ${sketches(Prisma.sql`bucket >= ${from}`)} AS latency
      FROM publish_rollups
      WHERE bucket >= ${knownFrom} AND bucket < ${to}
      GROUP BY destination_id, service_id, type_id
    )
    SELECT c.name AS cluster, d.name AS topic, s.name AS service, t.name AS type,
      coalesce(t.schema_version, '') AS "schemaVersion", sums.events, sums.errors, sums.latency
    FROM sums
    JOIN destinations d ON d.id = sums.destination_id AND d.tapped AND d.role <> 'internal'
    JOIN clusters c ON c.id = d.cluster_id
    LEFT JOIN services s ON s.id = sums.service_id
    LEFT JOIN event_types t ON t.id = sums.type_id`;
  return rows.map((row) => ({
    ...row,
    events: Number(row.events),
    errors: Number(row.errors),
    latency: sketchesOf(row.latency),
  }));
}
