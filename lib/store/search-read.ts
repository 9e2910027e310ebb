/** Finding things by what people have in hand: a name, an id, a key, a place in a topic. Every search is bounded. */
import type { PrismaClient } from "./database.ts";
import { EVENT_COLUMNS, EVENT_NAMES, type EventColumns } from "./events-recent-read.ts";
import { Prisma } from "./prisma/generated/client.ts";

export interface NameHit {
  readonly kind: "topic" | "group" | "service";
  readonly cluster: string;
  readonly name: string;
}

/** Names that hold the text, those that begin with it first, then the shortest. */
export function searchNames(prisma: PrismaClient, text: string, limit: number): Promise<NameHit[]> {
  return prisma.$queryRaw`
    SELECT kind, cluster, name FROM (
      SELECT 'topic' AS kind, c.name AS cluster, d.name FROM destinations d JOIN clusters c ON c.id = d.cluster_id WHERE d.gone_at IS NULL AND d.role <> 'internal'
      UNION ALL SELECT 'group', c.name, g.name FROM consumer_groups g JOIN clusters c ON c.id = g.cluster_id WHERE g.gone_at IS NULL
      UNION ALL SELECT 'service', '', name FROM services) names
    WHERE strpos(lower(name), lower(${text})) > 0
    ORDER BY strpos(lower(name), lower(${text})) = 1 DESC, length(name), name, kind LIMIT ${limit}`;
}

export interface FoundEvents {
  readonly events: EventColumns[];
  /** everything stored since then was looked at, unless enough was found before */
  readonly searchedFrom: Date;
}

/** The newest first, stretch by stretch, until enough are found or time is up. */
async function newest(prisma: PrismaClient, which: Prisma.Sql, { since, limit, budgetMs }: SearchBounds): Promise<FoundEvents> {
  const deadline = performance.now() + budgetMs;
  return prisma.$transaction(async (tx) => {
    // The bloom index finds a value in an hour at once; the planner would rather read the whole hour, or use the index on time beside it.
    await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
    const tables = await tx.$queryRaw<{ name: string }[]>`SELECT relname::text AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'events'::regclass ORDER BY 1 DESC`;
    const hours = tables.map(({ name }) => ({ name, startsAtMs: hourOf(name) })).filter((hour) => hour.startsAtMs + HOUR_MS > since.getTime());
    const events: EventColumns[] = [];
    let searchedFrom = new Date();
    // What is common is found in the last two hours already; what is rare, a day at a time.
    for (let done = 0, next = 2; done < hours.length && events.length < limit && performance.now() < deadline; done += next, next = 24) {
      const stretch = hours.slice(done, done + next);
      const each = stretch.map(({ name }) => Prisma.sql`(SELECT * FROM ${Prisma.raw(name)} WHERE ${which} ORDER BY occurred_at DESC LIMIT ${limit})`);
      events.push(
        ...(await tx.$queryRaw<EventColumns[]>`
          WITH found AS (${Prisma.join(each, " UNION ALL ")}), e AS (SELECT * FROM found ORDER BY occurred_at DESC LIMIT ${limit})
          SELECT ${EVENT_COLUMNS} FROM e ${EVENT_NAMES} ORDER BY e.occurred_at DESC`),
      );
      searchedFrom = new Date(Math.max(since.getTime(), stretch.at(-1)?.startsAtMs ?? 0));
    }
    return { events: events.slice(0, limit), searchedFrom };
  });
}

/** When the hour of a partition begins; NaN for a name that is none, which no comparison takes. */
function hourOf(name: string): number {
  const [, year, month, day, hour] = /^events_(\d{4})(\d{2})(\d{2})(\d{2})$/.exec(name) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour));
}

const HOUR_MS = 3_600_000;

export interface SearchBounds {
  readonly since: Date;
  readonly limit: number;
  readonly budgetMs: number;
}

export const searchByMessageRef = (prisma: PrismaClient, messageRef: bigint, bounds: SearchBounds) => newest(prisma, Prisma.sql`message_ref = ${messageRef}::bigint`, bounds);
export const searchByKey = (prisma: PrismaClient, key: string, bounds: SearchBounds) => newest(prisma, Prisma.sql`key = ${key}::text`, bounds);

/** Which of the ids are known as traces, or as conversations folded into one. */
export async function searchTraces(prisma: PrismaClient, uuids: readonly string[]): Promise<{ traceUuid: string; events: number | null; firstAt: Date | null }[]> {
  return prisma.$queryRaw`
    SELECT found.trace_id AS "traceUuid", traces.events, traces.first_at AS "firstAt" FROM (
      SELECT trace_id FROM trace_aliases WHERE conversation_id = ANY(${[...uuids]}::uuid[])
      UNION SELECT trace_id FROM traces WHERE trace_id = ANY(${[...uuids]}::uuid[])) found
    LEFT JOIN traces ON traces.trace_id = found.trace_id LIMIT 5`;
}

/** Topics with that exact name and partition that hold the offset now. */
export function searchPlace(prisma: PrismaClient, topic: string, partition: number, offset: bigint): Promise<{ cluster: string; topic: string; held: boolean }[]> {
  return prisma.$queryRaw`
    SELECT c.name AS cluster, d.name AS topic, ${offset}::bigint >= o.log_start_offset AND ${offset}::bigint < o.end_offset AS held
    FROM destinations d JOIN clusters c ON c.id = d.cluster_id JOIN partition_offsets o ON o.destination_id = d.id AND o.partition = ${partition}
    WHERE d.name = ${topic} AND d.gone_at IS NULL LIMIT 5`;
}
