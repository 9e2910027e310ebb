/** The topics of a key and its events, newest first. Both reads are bounded by a number of events and by time. */
import { openEventHours, stretchesOf } from "./event-hours.ts";
import { EVENT_COLUMNS, EVENT_NAMES, type EventColumns } from "./recent-read.ts";
import { Prisma } from "../prisma/generated/client.ts";
import type { TopicRole } from "#lib/domain/flow/rows.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";

export interface KeyTopic {
  readonly destinationId: number;
  readonly cluster: string;
  readonly topic: string;
  readonly role: TopicRole;
  /** a sandbox topic of replays: its events are copies */
  readonly sandbox: boolean;
  readonly events: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export interface KeyEventColumns extends EventColumns {
  readonly destinationId: number;
}

const EVERYTHING_KEPT = new Date(0);
const TRANSACTION = { timeout: 30_000 };
const latest = (a: Date, b: Date) => (a > b ? a : b);
const earliest = (a: Date, b: Date) => (a < b ? a : b);

/**
 * How many events of the key each topic has. Everything stored since `searchedFrom` was searched; `more`: older
 * events exist that were not.
 */
export async function countKeyTopics(
  prisma: PrismaClient,
  key: string,
  budgetMs: number,
): Promise<{ readonly topics: KeyTopic[]; readonly searchedFrom: Date; readonly more: boolean }> {
  const deadline = performance.now() + budgetMs;
  return prisma.$transaction(async (tx) => {
    const found = new Map<number, KeyTopic>();
    const hours = await openEventHours(tx, EVERYTHING_KEPT);
    let done = 0;
    for (const stretch of stretchesOf(hours)) {
      if (done > 0 && performance.now() >= deadline) break;
      const each = stretch.map(
        ({ name }) =>
          Prisma.sql`
            SELECT destination_id, count(*) AS events, min(occurred_at) AS first_at,
              max(occurred_at) AS last_at
            FROM ${Prisma.raw(name)}
            WHERE key = ${key}::text
            GROUP BY 1`,
      );
      const rows = await tx.$queryRaw<KeyTopic[]>`
        WITH e AS (
          SELECT destination_id, sum(events)::float8 AS events, min(first_at) AS first_at,
            max(last_at) AS last_at
          FROM (${Prisma.join(each, " UNION ALL ")}) each
          GROUP BY 1
        )
        SELECT d.id AS "destinationId", c.name AS cluster, d.name AS topic, d.role, e.events,
          EXISTS (
            SELECT 1
            FROM replay_runs r
            WHERE r.cluster_id = d.cluster_id
              AND r.kind = 'redrive'
              AND r.started_at IS NOT NULL
              AND r.plan #>> '{preview,to,how}' = 'sandbox'
              AND r.plan #>> '{preview,to,topic}' = d.name
          ) AS sandbox,
          e.first_at AS "firstAt", e.last_at AS "lastAt"
        FROM e
        JOIN destinations d ON d.id = e.destination_id
        JOIN clusters c ON c.id = d.cluster_id`;
      for (const row of checkWords(rows, { role: "destinations.role" })) {
        const known = found.get(row.destinationId);
        found.set(
          row.destinationId,
          known === undefined
            ? row
            : {
                ...row,
                events: row.events + known.events,
                firstAt: earliest(row.firstAt, known.firstAt),
                lastAt: latest(row.lastAt, known.lastAt),
              },
        );
      }
      done += stretch.length;
    }
    const topics = [...found.values()].sort((a, b) => b.events - a.events || (a.topic < b.topic ? -1 : 1));
    return { topics, searchedFrom: new Date(hours[done - 1]?.startsAtMs ?? Date.now()), more: done < hours.length };
  }, TRANSACTION);
}

/** The newest events of the key in the given topics, newest first. `more`: there may be earlier ones. */
export async function readKeyEvents(
  prisma: PrismaClient,
  key: string,
  destinationIds: readonly number[],
  limit: number,
  budgetMs: number,
): Promise<{ readonly events: KeyEventColumns[]; readonly more: boolean }> {
  const deadline = performance.now() + budgetMs;
  return prisma.$transaction(async (tx) => {
    const events: KeyEventColumns[] = [];
    const hours = await openEventHours(tx, EVERYTHING_KEPT);
    let done = 0;
    for (const stretch of stretchesOf(hours)) {
      if (events.length > limit || (done > 0 && performance.now() >= deadline)) break;
      const which = Prisma.sql`
        WHERE key = ${key}::text AND destination_id = ANY(${[...destinationIds]}::int[])
        ORDER BY occurred_at DESC, destination_id DESC, partition DESC, position DESC
        LIMIT ${limit + 1}`;
      const each = stretch.map(({ name }) => Prisma.sql`(SELECT * FROM ${Prisma.raw(name)} ${which})`);
      events.push(
        ...(await tx.$queryRaw<KeyEventColumns[]>`
          WITH found AS (${Prisma.join(each, " UNION ALL ")}),
          e AS (SELECT * FROM found ORDER BY occurred_at DESC LIMIT ${limit + 1})
          SELECT ${EVENT_COLUMNS}, e.destination_id AS "destinationId"
          FROM e
          ${EVENT_NAMES}
          ORDER BY e.occurred_at DESC`),
      );
      done += stretch.length;
    }
    return { events: events.slice(0, limit), more: events.length > limit || done < hours.length };
  }, TRANSACTION);
}
