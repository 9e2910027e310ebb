/**
 * Throughput over time, for the rail and for the panels of nodes and edges. A step is a whole number of 10-second
 * buckets.
 */
import type { PrismaClient } from "../db/database.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface Span {
  readonly from: Date;
  readonly to: Date;
  readonly stepSeconds: number;
}

export interface SeriesPoint {
  readonly at: Date;
  readonly events: number;
  readonly errors: number;
  readonly lagMessages: number | null;
}

/** The node or edge whose series is read, by database ids. */
export type SeriesOf =
  | { readonly kind: "service"; readonly serviceId: number }
  | { readonly kind: "topic"; readonly destinationId: number }
  | { readonly kind: "group"; readonly groupId: number }
  | { readonly kind: "publish"; readonly serviceId: number; readonly destinationId: number }
  | { readonly kind: "consume"; readonly groupId: number; readonly destinationId: number }
  | {
      readonly kind: "cause";
      readonly fromDestinationId: number;
      readonly toDestinationId: number;
      readonly groupId: number | null;
    };

export const stepOf = (column: Prisma.Sql, stepSeconds: number): Prisma.Sql =>
  Prisma.sql`to_timestamp(floor(extract(epoch FROM ${column}) / ${stepSeconds}::float8) * ${stepSeconds}::float8)`;
const BUCKET = Prisma.sql`bucket`;

/** Events published, and how many of them are dead letters or report an error. */
export async function readRail(
  prisma: PrismaClient,
  { from, to, stepSeconds }: Span,
  cluster: string | undefined,
): Promise<{ at: Date; events: number; errors: number }[]> {
  return prisma.$queryRaw`
    SELECT ${stepOf(BUCKET, stepSeconds)} AS at, sum(r.events)::float8 AS events,
      sum(CASE WHEN d.role = 'dead_letter' THEN greatest(r.events, r.errors) ELSE r.errors END)::float8 AS errors
    FROM (
      SELECT bucket, destination_id, sum(events) AS events, sum(errors) AS errors
      FROM publish_rollups
      WHERE bucket >= ${from} AND bucket < ${to}
      GROUP BY bucket, destination_id
    ) r
    JOIN destinations d ON d.id = r.destination_id AND d.tapped AND d.role <> 'internal'
    JOIN clusters c ON c.id = d.cluster_id
    WHERE ${cluster ?? null}::text IS NULL OR c.name = ${cluster ?? null}
    GROUP BY 1
    ORDER BY 1`;
}

/** The earliest bucket that is still stored. */
export async function readKeptFrom(prisma: PrismaClient): Promise<Date | null> {
  const [row] = await prisma.$queryRaw<{ at: Date | null }[]>`SELECT min(bucket) AS at FROM publish_rollups`;
  return row?.at ?? null;
}

export async function readSeries(prisma: PrismaClient, of: SeriesOf, span: Span): Promise<SeriesPoint[]> {
  switch (of.kind) {
    case "service":
      return published(prisma, span, Prisma.sql`service_id = ${of.serviceId}`);
    case "topic":
      return published(prisma, span, Prisma.sql`destination_id = ${of.destinationId}`);
    case "publish":
      return published(prisma, span, Prisma.sql`service_id = ${of.serviceId} AND destination_id = ${of.destinationId}`);
    case "group":
      return consumed(prisma, span, Prisma.sql`group_id = ${of.groupId}`);
    case "consume":
      return consumed(prisma, span, Prisma.sql`group_id = ${of.groupId} AND destination_id = ${of.destinationId}`);
    case "cause":
      return prisma.$queryRaw`
        SELECT ${stepOf(BUCKET, span.stepSeconds)} AS at, greatest(sum(events), 0)::float8 AS events,
          greatest(sum(errors), 0)::float8 AS errors, NULL::float8 AS "lagMessages"
        FROM cause_rollups
        WHERE bucket >= ${span.from}
          AND bucket < ${span.to}
          AND from_destination_id = ${of.fromDestinationId}
          AND to_destination_id = ${of.toDestinationId}
          AND (${of.groupId}::int IS NULL OR group_id = ${of.groupId}::int)
        GROUP BY 1
        ORDER BY 1`;
  }
}

function published(prisma: PrismaClient, { from, to, stepSeconds }: Span, which: Prisma.Sql): Promise<SeriesPoint[]> {
  return prisma.$queryRaw`
    SELECT ${stepOf(BUCKET, stepSeconds)} AS at, sum(events)::float8 AS events, sum(errors)::float8 AS errors,
      NULL::float8 AS "lagMessages"
    FROM publish_rollups
    WHERE bucket >= ${from} AND bucket < ${to} AND ${which}
    GROUP BY 1
    ORDER BY 1`;
}

function consumed(prisma: PrismaClient, { from, to, stepSeconds }: Span, which: Prisma.Sql): Promise<SeriesPoint[]> {
  return prisma.$queryRaw`
    SELECT at, sum(events) AS events, sum(errors) AS errors, sum(lag)::float8 AS "lagMessages"
    FROM (
      SELECT ${stepOf(BUCKET, stepSeconds)} AS at, destination_id, sum(consumed)::float8 AS events,
        sum(errors)::float8 AS errors,
        (array_agg(lag_messages ORDER BY bucket DESC) FILTER (WHERE lag_messages IS NOT NULL))[1] AS lag
      FROM consume_rollups
      WHERE bucket >= ${from} AND bucket < ${to} AND ${which}
      GROUP BY 1, 2
    ) steps
    GROUP BY at
    ORDER BY at`;
}
