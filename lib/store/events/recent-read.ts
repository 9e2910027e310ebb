/** Events of the index as pages show them, and the newest of them. */
import { EVENT_FLAG, hasFlag, traceOriginOf } from "#lib/domain/message/flags.ts";
import type { EventRow } from "#lib/contracts/events.ts";
import type { PrismaClient } from "../db/database.ts";
import { spanIdOf, traceIdOf } from "../db/identifiers.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface EventColumns {
  cluster: string;
  topic: string;
  partition: number;
  position: bigint;
  occurredAt: Date;
  storedAt: Date;
  type: string | null;
  schemaVersion: string | null;
  service: string | null;
  key: string | null;
  traceId: string | null;
  spanId: bigint | null;
  sizeBytes: number;
  flags: number;
}

/** `e` is a row of events. Names are joined last, so that they are looked up only for the events shown. */
export const EVENT_COLUMNS = Prisma.sql`
  c.name AS cluster, d.name AS topic, e.partition, e.position, e.occurred_at AS "occurredAt",
  e.stored_at AS "storedAt", t.name AS type, nullif(t.schema_version, '') AS "schemaVersion",
  s.name AS service, e.key, e.trace_id AS "traceId", e.span_id AS "spanId", e.size_bytes AS "sizeBytes",
  e.flags`;
export const EVENT_NAMES = Prisma.sql`
  JOIN destinations d ON d.id = e.destination_id
  JOIN clusters c ON c.id = d.cluster_id
  LEFT JOIN event_types t ON t.id = e.type_id
  LEFT JOIN services s ON s.id = e.service_id`;

export function eventRow(row: EventColumns): EventRow {
  return {
    cluster: row.cluster,
    topic: row.topic,
    partition: row.partition,
    offset: String(row.position),
    occurredAt: row.occurredAt.toISOString(),
    storedAt: row.storedAt.toISOString(),
    type: row.type,
    schemaVersion: row.schemaVersion,
    service: row.service,
    key: row.key,
    traceId: row.traceId === null ? null : traceIdOf(row.traceId),
    traceOrigin: traceOriginOf(row.flags),
    spanId: row.spanId === null ? null : spanIdOf(row.spanId),
    sizeBytes: row.sizeBytes,
    tombstone: hasFlag(row.flags, EVENT_FLAG.tombstone),
    deadLetter: hasFlag(row.flags, EVENT_FLAG.deadLetter),
    error: hasFlag(row.flags, EVENT_FLAG.error),
    replayed: hasFlag(row.flags, EVENT_FLAG.replayed),
  };
}

export interface RecentOf {
  readonly destinationIds: readonly number[];
  readonly serviceId: number | null;
}

/** How far back events are searched. The first step, a minute, is nearly always enough. */
const SEARCH_BACK_MS = [60_000, 30 * 60_000] as const;
/** The most flushes read, per partition and in total. A flush is one stored_at. */
const FLUSHES_OF_PARTITION = 6;
const FLUSHES = 60;

/**
 * The newest events before `to`, newest first. Only the last flushes are read, so it takes the same time at any load.
 */
export async function readLastEvents(
  prisma: PrismaClient,
  { destinationIds, serviceId }: RecentOf,
  to: Date,
  limit: number,
): Promise<EventColumns[]> {
  if (destinationIds.length === 0) return [];
  for (const backMs of SEARCH_BACK_MS) {
    const from = new Date(to.getTime() - backMs);
    const flushes = await prisma.$queryRaw<{ at: Date }[]>`
      SELECT DISTINCT b.stored_at AS at
      FROM tap_positions p
      CROSS JOIN LATERAL (
        SELECT stored_at
        FROM event_batches
        WHERE destination_id = p.destination_id
          AND partition = p.partition
          AND stored_at > ${from}
          AND stored_at <= ${to}
        ORDER BY last_position DESC
        LIMIT ${FLUSHES_OF_PARTITION}
      ) b
      WHERE p.destination_id = ANY(${[...destinationIds]}::int[])
      ORDER BY 1 DESC
      LIMIT ${FLUSHES}`;
    if (flushes.length === 0) continue;
    const events = await prisma.$queryRaw<EventColumns[]>`
      WITH e AS (
        SELECT *
        FROM events
        WHERE stored_at = ANY(${flushes.map((flush) => flush.at)}::timestamptz[])
          AND destination_id = ANY(${[...destinationIds]}::int[])
          AND (${serviceId}::int IS NULL OR service_id = ${serviceId}::int)
        ORDER BY occurred_at DESC, position DESC
        LIMIT ${limit}
      )
      SELECT ${EVENT_COLUMNS}
      FROM e
      ${EVENT_NAMES}
      ORDER BY e.occurred_at DESC, e.position DESC`;
    if (events.length > 0) return events;
  }
  return [];
}
