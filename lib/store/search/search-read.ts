/** Search by a name, an id, a key, or a position in a topic. Every search is bounded. */
import type { PrismaClient } from "../db/database.ts";
import { openEventHours, stretchesOf } from "../events/event-hours.ts";
import { EVENT_COLUMNS, EVENT_NAMES, type EventColumns } from "../events/recent-read.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface NameHit {
  readonly kind: "topic" | "group" | "service";
  readonly cluster: string;
  readonly name: string;
}

/** Names that hold the text, those that begin with it first, then the shortest. */
export function searchNames(prisma: PrismaClient, text: string, limit: number): Promise<NameHit[]> {
  return prisma.$queryRaw`
    SELECT kind, cluster, name
    FROM (
      SELECT 'topic' AS kind, c.name AS cluster, d.name
      FROM destinations d
      JOIN clusters c ON c.id = d.cluster_id
      WHERE d.gone_at IS NULL AND d.role <> 'internal'
      UNION ALL
      SELECT 'group', c.name, g.name
      FROM consumer_groups g
      JOIN clusters c ON c.id = g.cluster_id
      WHERE g.gone_at IS NULL
      UNION ALL
      SELECT 'service', '', name
      FROM services
    ) names
    WHERE strpos(lower(name), lower(${text})) > 0
    ORDER BY strpos(lower(name), lower(${text})) = 1 DESC, length(name), name, kind
    LIMIT ${limit}`;
}

export interface FoundEvents {
  readonly events: EventColumns[];
  /** everything stored since then was searched, unless enough was found before */
  readonly searchedFrom: Date;
}

/** The newest first, stretch by stretch, until enough are found or time is up. */
async function newest(
  prisma: PrismaClient,
  which: Prisma.Sql,
  { since, limit, budgetMs }: SearchBounds,
): Promise<FoundEvents> {
  const deadline = performance.now() + budgetMs;
  return prisma.$transaction(async (tx) => {
    const events: EventColumns[] = [];
    let searchedFrom = new Date();
    for (const stretch of stretchesOf(await openEventHours(tx, since))) {
      if (events.length >= limit || performance.now() >= deadline) break;
      const each = stretch.map(
        ({ name }) =>
          Prisma.sql`(SELECT * FROM ${Prisma.raw(name)} WHERE ${which} ORDER BY occurred_at DESC LIMIT ${limit})`,
      );
      events.push(
        ...(await tx.$queryRaw<EventColumns[]>`
          WITH found AS (${Prisma.join(each, " UNION ALL ")}),
          e AS (SELECT * FROM found ORDER BY occurred_at DESC LIMIT ${limit})
          SELECT ${EVENT_COLUMNS}
          FROM e
          ${EVENT_NAMES}
          ORDER BY e.occurred_at DESC`),
      );
      searchedFrom = new Date(Math.max(since.getTime(), stretch.at(-1)?.startsAtMs ?? 0));
    }
    return { events: events.slice(0, limit), searchedFrom };
  });
}

export interface SearchBounds {
  readonly since: Date;
  readonly limit: number;
  readonly budgetMs: number;
}

export const searchByMessageRef = (prisma: PrismaClient, messageRef: bigint, bounds: SearchBounds) =>
  newest(prisma, Prisma.sql`message_ref = ${messageRef}::bigint`, bounds);
export const searchByKey = (prisma: PrismaClient, key: string, bounds: SearchBounds) =>
  newest(prisma, Prisma.sql`key = ${key}::text`, bounds);

/** Which of the ids are known as traces, or as conversations folded into one. */
export async function searchTraces(
  prisma: PrismaClient,
  uuids: readonly string[],
): Promise<{ traceUuid: string; events: number | null; firstAt: Date | null }[]> {
  return prisma.$queryRaw`
    SELECT found.trace_id AS "traceUuid", traces.events::float8 AS events, traces.first_at AS "firstAt"
    FROM (
      SELECT trace_id
      FROM trace_aliases
      WHERE conversation_id = ANY(${[...uuids]}::uuid[])
      UNION
      SELECT trace_id
      FROM traces
      WHERE trace_id = ANY(${[...uuids]}::uuid[])
    ) found
    LEFT JOIN traces ON traces.trace_id = found.trace_id
    LIMIT 5`;
}

/** Topics with that exact name and partition that hold the offset now. */
export function searchByPosition(
  prisma: PrismaClient,
  topic: string,
  partition: number,
  offset: bigint,
): Promise<{ cluster: string; topic: string; held: boolean }[]> {
  return prisma.$queryRaw`
    SELECT c.name AS cluster, d.name AS topic,
      ${offset}::bigint >= o.log_start_offset AND ${offset}::bigint < o.end_offset AS held
    FROM destinations d
    JOIN clusters c ON c.id = d.cluster_id
    JOIN partition_offsets o ON o.destination_id = d.id AND o.partition = ${partition}
    WHERE d.name = ${topic} AND d.gone_at IS NULL
    LIMIT 5`;
}
