/** What the dead letters of a failure have in common, and failures with the same root cause. */
import type { PrismaClient } from "../db/database.ts";
import { membersOf } from "./triage-read.ts";
import type { EventPosition } from "../events/fates-read.ts";
import { Prisma } from "../prisma/generated/client.ts";

const SHOWN = 10;
/** How many failures are compared to find similar ones. */
const MOST_COMPARED = 2000;

export interface SpreadColumns {
  readonly by: "key" | "partition" | "version" | "producer";
  readonly name: string | null;
  readonly events: number;
  readonly distinct: number;
}

/** One pass over the dead letters, whatever their number. */
export function readSpread(prisma: PrismaClient, head: string): Promise<SpreadColumns[]> {
  return prisma.$queryRaw`
    WITH counted AS (
      SELECT CASE
          WHEN GROUPING(f.key) = 0 THEN 'key'
          WHEN GROUPING(f.original_partition) = 0 THEN 'partition'
          WHEN GROUPING(f.type_id) = 0 THEN 'version'
          ELSE 'producer'
        END AS by,
        f.key, f.original_destination, f.original_partition, f.type_id, f.service_id, count(*)::int AS events
      FROM failures f
      WHERE f.fingerprint = ANY(${membersOf(Prisma.sql`${head}::text`)})
      GROUP BY GROUPING SETS ((f.key), (f.original_destination, f.original_partition), (f.type_id), (f.service_id))
    ),
    ranked AS (
      SELECT c.*, row_number() OVER (PARTITION BY c.by ORDER BY c.events DESC) AS rank,
        (count(*) OVER (PARTITION BY c.by))::int AS distinct_values
      FROM counted c
    )
    SELECT r.by, r.events, r.distinct_values AS "distinct",
      CASE r.by
        WHEN 'key' THEN r.key
        WHEN 'partition' THEN r.original_destination || '[' || r.original_partition || ']'
        WHEN 'version' THEN t.name || coalesce(' ' || nullif(t.schema_version, ''), '')
        ELSE s.name
      END AS name
    FROM ranked r
    LEFT JOIN event_types t ON t.id = r.type_id
    LEFT JOIN services s ON s.id = r.service_id
    WHERE r.rank <= ${SHOWN}
    ORDER BY r.by, r.rank`;
}

/** Jumps from fingerprint to fingerprint through the index, never over all dead letters. */
export function readSimilar(
  prisma: PrismaClient,
  head: string,
): Promise<{ fingerprint: string; title: string; group: string | null; lastAt: Date }[]> {
  const cause = Prisma.sql`coalesce(f.root_cause_class, f.exception_class)`;
  return prisma.$queryRaw`
    WITH RECURSIVE known AS (
      (SELECT fingerprint FROM failures ORDER BY fingerprint LIMIT 1)
      UNION ALL
      SELECT next.fingerprint
      FROM known k
      CROSS JOIN LATERAL (
        SELECT f.fingerprint
        FROM failures f
        WHERE f.fingerprint > k.fingerprint
        ORDER BY f.fingerprint
        LIMIT 1
      ) next
    ),
    own AS (
      SELECT ${cause} AS cause
      FROM failures f
      WHERE f.fingerprint = ANY(${membersOf(Prisma.sql`${head}::text`)})
      LIMIT 1
    )
    SELECT k.fingerprint, latest.title, latest.group_name AS "group", latest.failed_at AS "lastAt"
    FROM (SELECT fingerprint FROM known LIMIT ${MOST_COMPARED}) k
    CROSS JOIN LATERAL (
      SELECT f.title, f.group_name, f.failed_at, ${cause} AS cause
      FROM failures f
      WHERE f.fingerprint = k.fingerprint
      ORDER BY f.failed_at DESC
      LIMIT 1
    ) latest
    JOIN own ON own.cause = latest.cause
    WHERE k.fingerprint <> ALL(${membersOf(Prisma.sql`${head}::text`)})
    ORDER BY latest.failed_at DESC
    LIMIT ${SHOWN}`;
}

/** The position of the event of a dead letter, from its headers; null: no such dead letter, or not in its headers. */
export async function readOriginalPosition(
  prisma: PrismaClient,
  id: bigint,
): Promise<(EventPosition & { readonly isTimeKnown: boolean }) | null> {
  const row = await prisma.failure.findUnique({
    where: { id },
    select: {
      originalDestinationId: true,
      originalPartition: true,
      originalPosition: true,
      originalAt: true,
      failedAt: true,
    },
  });
  if (
    row === null ||
    row.originalDestinationId === null ||
    row.originalPartition === null ||
    row.originalPosition === null
  )
    return null;
  return {
    destinationId: row.originalDestinationId,
    partition: row.originalPartition,
    position: row.originalPosition,
    occurredAt: row.originalAt ?? row.failedAt,
    isTimeKnown: row.originalAt !== null,
  };
}
