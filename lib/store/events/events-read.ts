/** The event index: the events of a range of positions, and those of a trace. */
import type { PrismaClient } from "../db/database.ts";
import { EVENT_COLUMNS, EVENT_NAMES, type EventColumns } from "./recent-read.ts";

export interface Flush {
  readonly at: Date;
  readonly lastPosition: bigint;
}

/** The most flushes read for one page. A page of a partition with small flushes may be short because of it. */
const MOST_FLUSHES = 4000;

/** The flushes with the partition's events from `from` on, in order, until they hold `events` of them. */
export function readFlushes(
  prisma: PrismaClient,
  destinationId: number,
  partition: number,
  from: bigint,
  to: bigint,
  events: number,
): Promise<Flush[]> {
  return prisma.$queryRaw`
    SELECT at, "lastPosition"
    FROM (
      SELECT stored_at AS at, last_position AS "lastPosition",
        sum(events) OVER (ORDER BY last_position) - events AS before
      FROM (
        SELECT stored_at, last_position, events
        FROM event_batches
        WHERE destination_id = ${destinationId}
          AND partition = ${partition}
          AND last_position >= ${from}
          AND first_position < ${to}
        ORDER BY last_position
        LIMIT ${MOST_FLUSHES}
      ) next
    ) counted
    WHERE before <= ${events}
    ORDER BY "lastPosition"`;
}

/** The indexed events of the partition in [from, to) that these flushes stored, by position. */
export function readEventsOf(
  prisma: PrismaClient,
  destinationId: number,
  partition: number,
  from: bigint,
  to: bigint,
  storedAt: readonly Date[],
  limit: number,
): Promise<EventColumns[]> {
  return prisma.$queryRaw`
    WITH e AS (
      SELECT *
      FROM events
      WHERE stored_at = ANY(${[...storedAt]}::timestamptz[])
        AND destination_id = ${destinationId}
        AND partition = ${partition}
        AND position >= ${from}
        AND position < ${to}
      ORDER BY position
      LIMIT ${limit}
    )
    SELECT ${EVENT_COLUMNS}
    FROM e
    ${EVENT_NAMES}
    ORDER BY e.position`;
}

/** The partitions of a topic that the tap has read. */
export async function readTappedPartitions(prisma: PrismaClient, destinationId: number): Promise<number[]> {
  const rows = await prisma.tapPosition.findMany({
    where: { destinationId },
    orderBy: { partition: "asc" },
    select: { partition: true },
  });
  return rows.map((row) => row.partition);
}

export interface TraceEventColumns extends EventColumns {
  readonly destinationId: number;
  readonly typeId: number | null;
  readonly serviceId: number | null;
  /** the group whose process published it, where its producer tells */
  readonly publisherGroupId: number | null;
  readonly conversationId: string | null;
  readonly parentSpanId: bigint | null;
  readonly messageRef: bigint | null;
  readonly causeRef: bigint | null;
}

/** An event of a trace, around which others are wanted. */
export interface TraceEventAt {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/**
 * The events of the given trace ids, oldest first: the first, or those before and after `around` (the first, if that is
 * none of them). Events stored before `since` are not searched; an event is stored after it happened.
 */
export function readTraceEvents(
  prisma: PrismaClient,
  traceUuids: readonly string[],
  { since, around, limit }: { readonly since: Date; readonly around: TraceEventAt | null; readonly limit: number },
): Promise<TraceEventColumns[]> {
  return prisma.$queryRaw`
    WITH all_events AS (
      SELECT *
      FROM events
      WHERE trace_id = ANY(${[...traceUuids]}::uuid[]) AND stored_at >= ${since}
    ),
    middle AS (
      SELECT a.occurred_at
      FROM all_events a
      JOIN destinations d ON d.id = a.destination_id AND d.name = ${around?.topic ?? null}
      JOIN clusters c ON c.id = d.cluster_id AND c.name = ${around?.cluster ?? null}
      WHERE a.partition = ${around?.partition ?? null}::int AND a.position = ${around?.offset ?? null}::bigint
      LIMIT 1
    ),
    e AS (
      (
        SELECT *
        FROM all_events
        WHERE occurred_at < (SELECT occurred_at FROM middle)
        ORDER BY occurred_at DESC, stored_at DESC
        LIMIT ${Math.floor(limit / 2)}
      )
      UNION ALL
      (
        SELECT *
        FROM all_events
        WHERE occurred_at >= coalesce((SELECT occurred_at FROM middle), '-infinity')
        ORDER BY occurred_at, stored_at
        LIMIT CASE WHEN EXISTS (SELECT FROM middle) THEN ${Math.ceil(limit / 2)}::int ELSE ${limit}::int END
      )
    )
    SELECT ${EVENT_COLUMNS}, e.destination_id AS "destinationId", e.type_id AS "typeId",
      coalesce(e.service_id, CASE WHEN NOT p.service_conflict THEN p.service_id END) AS "serviceId",
      CASE WHEN NOT p.group_conflict THEN p.group_id END AS "publisherGroupId",
      e.conversation_id AS "conversationId", e.parent_span_id AS "parentSpanId", e.message_ref AS "messageRef",
      e.cause_ref AS "causeRef"
    FROM e
    ${EVENT_NAMES}
    LEFT JOIN producers p ON p.cluster_id = d.cluster_id AND p.producer_id = e.producer_id
    ORDER BY e.occurred_at, e.stored_at, e.position`;
}
