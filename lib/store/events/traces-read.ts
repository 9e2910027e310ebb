/** Summaries of traces, and which trace and conversation ids belong together. */
import type { PrismaClient } from "../db/database.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface TraceColumns {
  readonly traceId: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly events: number;
  readonly errors: number;
  readonly root: string;
  readonly rootService: string | null;
  readonly services: readonly string[] | null;
  readonly topics: readonly string[] | null;
}

export interface TraceFilter {
  readonly service?: string | undefined;
  readonly topic?: string | undefined;
  /** type of any event of the trace */
  readonly type?: string | undefined;
  readonly errorsOnly: boolean;
  readonly minDurationMs?: number | undefined;
  readonly from: Date;
  readonly to: Date;
  /** the last trace of the page before */
  readonly after: { readonly lastAt: Date; readonly traceUuid: string } | null;
}

export function readTraces(prisma: PrismaClient, filter: TraceFilter, limit: number): Promise<TraceColumns[]> {
  const parts = [Prisma.sql`last_at >= ${filter.from}`, Prisma.sql`last_at <= ${filter.to}`];
  if (filter.service !== undefined)
    parts.push(Prisma.sql`service_ids && ARRAY(SELECT id FROM services WHERE name = ${filter.service})`);
  if (filter.topic !== undefined)
    parts.push(Prisma.sql`destination_ids && ARRAY(SELECT id FROM destinations WHERE name = ${filter.topic})`);
  // Summaries of older versions list only the type of the first event.
  if (filter.type !== undefined)
    parts.push(
      Prisma.sql`
        (
          type_ids && ARRAY(SELECT id FROM event_types WHERE name = ${filter.type})
          OR root_type_id = ANY(ARRAY(SELECT id FROM event_types WHERE name = ${filter.type}))
        )`,
    );
  if (filter.errorsOnly) parts.push(Prisma.sql`errors > 0`);
  if (filter.minDurationMs !== undefined)
    parts.push(Prisma.sql`last_at - first_at >= ${filter.minDurationMs}::float8 * interval '1 millisecond'`);
  if (filter.after !== null)
    parts.push(
      Prisma.sql`(last_at, trace_id) < (${filter.after.lastAt}::timestamptz, ${filter.after.traceUuid}::uuid)`,
    );
  return prisma.$queryRaw`
    WITH chosen AS (
      SELECT *
      FROM traces
      WHERE ${Prisma.join(parts, " AND ")}
      ORDER BY last_at DESC, trace_id DESC
      LIMIT ${limit}
    )
    SELECT chosen.trace_id AS "traceId", chosen.first_at AS "firstAt", chosen.last_at AS "lastAt",
      chosen.events::float8 AS events, chosen.errors::float8 AS errors, coalesce(t.name, d.name, '') AS root,
      s.name AS "rootService",
      (
        SELECT array_agg(name ORDER BY name)
        FROM services
        WHERE id = ANY(chosen.service_ids)
      ) AS services,
      (
        SELECT array_agg(name ORDER BY name)
        FROM destinations
        WHERE id = ANY(chosen.destination_ids)
      ) AS topics
    FROM chosen
    LEFT JOIN event_types t ON t.id = chosen.root_type_id
    LEFT JOIN services s ON s.id = chosen.root_service_id
    LEFT JOIN destinations d ON d.id = chosen.root_destination
    ORDER BY chosen.last_at DESC, chosen.trace_id DESC`;
}

/**
 * The trace that an id belongs to (the id itself, unless it is a conversation's), all conversations that are part of
 * it, since when it is known, and how many events it has.
 */
export async function readJoinedTraces(
  prisma: PrismaClient,
  uuid: string,
): Promise<{ traceUuid: string; aliasUuids: string[]; firstAt: Date | null; events: number }> {
  const alias = await prisma.traceAlias.findUnique({ where: { conversationId: uuid }, select: { traceId: true } });
  const traceUuid = alias?.traceId ?? uuid;
  const [aliases, summary] = await Promise.all([
    prisma.traceAlias.findMany({ where: { traceId: traceUuid }, select: { conversationId: true }, take: 100 }),
    prisma.trace.findUnique({ where: { traceId: traceUuid }, select: { firstAt: true, events: true } }),
  ]);
  return {
    traceUuid,
    aliasUuids: aliases.map((row) => row.conversationId).filter((id) => id !== traceUuid),
    firstAt: summary?.firstAt ?? null,
    events: Number(summary?.events ?? 0),
  };
}
