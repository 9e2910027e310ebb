/** One topic in detail: its partitions, its event types and its rates over time. */
import type { PrismaClient } from "../db/database.ts";
import { stepOf, type Span } from "../flow/series-read.ts";
import { Prisma } from "../prisma/generated/client.ts";

export function readTopicPartitions(
  prisma: PrismaClient,
  id: number,
): Promise<
  { partition: number; logStartOffset: bigint; endOffset: bigint; leader: number | null; tapNext: bigint | null }[]
> {
  return prisma.$queryRaw`
    SELECT o.partition, o.log_start_offset AS "logStartOffset", o.end_offset AS "endOffset", o.leader,
      p.next AS "tapNext"
    FROM partition_offsets o
    LEFT JOIN tap_positions p USING (destination_id, partition)
    WHERE o.destination_id = ${id}
    ORDER BY o.partition`;
}

export function readTopicTypes(
  prisma: PrismaClient,
  id: number,
  { from, to }: Span,
): Promise<{ type: string; schemaVersion: string; service: string; events: number; firstSeenAt: Date }[]> {
  return prisma.$queryRaw`
    SELECT coalesce(t.name, '') AS type, coalesce(t.schema_version, '') AS "schemaVersion",
      coalesce(s.name, '') AS service, r.events, coalesce(t.first_seen_at, r.first) AS "firstSeenAt"
    FROM (
      SELECT type_id, service_id, sum(events)::float8 AS events, min(bucket) AS first
      FROM publish_rollups
      WHERE destination_id = ${id} AND bucket >= ${from} AND bucket < ${to}
      GROUP BY 1, 2
    ) r
    LEFT JOIN event_types t ON t.id = r.type_id
    LEFT JOIN services s ON s.id = r.service_id
    ORDER BY r.events DESC
    LIMIT 500`;
}

export function readTopicSeries(
  prisma: PrismaClient,
  id: number,
  { from, to, stepSeconds }: Span,
): Promise<{ at: Date; type: string; events: number; bytes: number; errors: number }[]> {
  return prisma.$queryRaw`
    SELECT r.at, coalesce(t.name, '') AS type, sum(r.events)::float8 AS events, sum(r.bytes)::float8 AS bytes,
      sum(r.errors)::float8 AS errors
    FROM (
      SELECT ${stepOf(Prisma.sql`bucket`, stepSeconds)} AS at, type_id, sum(events) AS events,
        sum(bytes) AS bytes, sum(errors) AS errors
      FROM publish_rollups
      WHERE destination_id = ${id} AND bucket >= ${from} AND bucket < ${to}
      GROUP BY 1, 2
    ) r
    LEFT JOIN event_types t ON t.id = r.type_id
    GROUP BY 1, 2`;
}
