/** Which events caused which in a window. */
import type { CauseFact } from "#lib/domain/flow/rows.ts";
import type { PrismaClient } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";
import { sketches, sketchesOf, type Sketches } from "./sketches.ts";
import type { FlowWindow } from "./flow-window.ts";

export async function causeFacts(
  prisma: PrismaClient,
  { consumes: { from, to } }: FlowWindow,
): Promise<CauseFact<Sketches>[]> {
  const rows = await prisma.$queryRaw<
    {
      fromCluster: string;
      fromTopic: string;
      toCluster: string;
      toTopic: string;
      group: string | null;
      fromType: string | null;
      toType: string | null;
      toSchemaVersion: string;
      knownBy: string;
      events: bigint;
      errors: bigint;
      confidenceMilli: bigint;
      sampledShare: number;
      latency: string[] | null;
    }[]
  >`
    WITH sums AS (
      SELECT from_destination_id, from_type_id, group_id, to_destination_id, to_type_id, known_by,
        sum(events)::bigint AS events, sum(errors)::bigint AS errors,
        sum(confidence_milli)::bigint AS confidence_milli, min(sampled_share) AS sampled_share,
        ${sketches()} AS latency
      FROM cause_rollups
      WHERE bucket >= ${from} AND bucket < ${to}
      GROUP BY from_destination_id, from_type_id, group_id, to_destination_id, to_type_id, known_by
      HAVING sum(events) > 0
    )
    SELECT fc.name AS "fromCluster", fd.name AS "fromTopic", tc.name AS "toCluster", td.name AS "toTopic",
      g.name AS "group", ft.name AS "fromType", tt.name AS "toType",
      coalesce(tt.schema_version, '') AS "toSchemaVersion", sums.known_by AS "knownBy", sums.events,
      sums.errors, sums.confidence_milli AS "confidenceMilli", sums.sampled_share AS "sampledShare",
      sums.latency
    FROM sums
    JOIN destinations fd ON fd.id = sums.from_destination_id AND fd.tapped
    JOIN clusters fc ON fc.id = fd.cluster_id
    JOIN destinations td ON td.id = sums.to_destination_id AND td.tapped
    JOIN clusters tc ON tc.id = td.cluster_id
    LEFT JOIN consumer_groups g ON g.id = sums.group_id
    LEFT JOIN event_types ft ON ft.id = sums.from_type_id
    LEFT JOIN event_types tt ON tt.id = sums.to_type_id`;
  return rows.map(({ fromCluster, fromTopic, toCluster, toTopic, knownBy, confidenceMilli, ...row }) => ({
    ...row,
    from: { cluster: fromCluster, topic: fromTopic },
    to: { cluster: toCluster, topic: toTopic },
    knownBy: wordOf("cause_rollups.known_by", knownBy),
    events: Number(row.events),
    errors: Number(row.errors),
    confidenceSum: Number(confidenceMilli) / 1000,
    latency: sketchesOf(row.latency),
  }));
}
