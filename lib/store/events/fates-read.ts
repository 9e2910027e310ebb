/** What became of events in the groups that read their topics. */
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import type { GroupProtocol } from "#lib/domain/health/group.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface EventPosition {
  readonly destinationId: number;
  readonly partition: number;
  readonly position: bigint;
  readonly occurredAt: Date;
}

export interface FateColumns {
  /** index into the events of the query */
  readonly eventIndex: number;
  readonly cluster: string;
  readonly group: string;
  readonly gone: boolean;
  readonly protocol: GroupProtocol;
  readonly committedOffset: bigint | null;
  readonly logStartOffset: bigint | null;
  /** the first commit that passed the event; null: not stored */
  readonly passedAt: Date | null;
}

/** A commit may be stamped this much earlier than its event, because the clocks of two machines differ. */
const CLOCK_SKEW_MS = 60_000;

export async function readFates(prisma: PrismaClient, events: readonly EventPosition[]): Promise<FateColumns[]> {
  if (events.length === 0) return [];
  const since = new Date(Math.min(...events.map((event) => event.occurredAt.getTime())) - CLOCK_SKEW_MS);
  const rows = await prisma.$queryRaw<FateColumns[]>`
    SELECT (w.event_number - 1)::int AS "eventIndex", c.name AS cluster, g.name AS "group",
      g.gone_at IS NOT NULL AS gone, g.protocol, p.committed_offset AS "committedOffset",
      o.log_start_offset AS "logStartOffset", passed.committed_at AS "passedAt"
    FROM unnest(
      ${events.map((p) => p.destinationId)}::int[], ${events.map((p) => p.partition)}::int[],
      ${events.map((p) => p.position)}::bigint[], ${events.map((p) => p.occurredAt)}::timestamptz[]
    ) WITH ORDINALITY AS w(destination_id, partition, position, occurred_at, event_number)
    JOIN (
      SELECT group_id, destination_id, partition, committed_offset FROM group_partitions
      UNION ALL
      SELECT group_id, destination_id, 0, NULL FROM destination_routes WHERE gone_at IS NULL
    ) p ON p.destination_id = w.destination_id AND p.partition = w.partition
    JOIN consumer_groups g ON g.id = p.group_id
    JOIN clusters c ON c.id = g.cluster_id
    LEFT JOIN partition_offsets o ON o.destination_id = w.destination_id AND o.partition = w.partition
    LEFT JOIN LATERAL (
      SELECT k.committed_at
      FROM group_commits k
      WHERE k.stored_at >= ${since}
        AND k.group_id = p.group_id
        AND k.destination_id = w.destination_id
        AND k.partition = w.partition
        AND k.committed_at >= w.occurred_at - ${CLOCK_SKEW_MS}::float8 * interval '1 millisecond'
        AND k.committed_offset > w.position
      ORDER BY k.committed_at
      LIMIT 1
    ) passed ON p.committed_offset > w.position
    ORDER BY w.event_number, g.name`;
  return checkWords(rows, { protocol: "consumer_groups.protocol" });
}

export interface DeadLetterOf {
  readonly eventIndex: number;
  readonly group: string | null;
  readonly groupId: number | null;
  readonly failedAt: Date;
  readonly fingerprint: string;
  readonly rootCauseClass: string | null;
  /** a copy that Flowtap wrote when it moved the group past the event */
  readonly isSkip: boolean;
  readonly title: string;
  /** the event of the query is the dead letter itself, not the event that failed */
  readonly itself: boolean;
  /** an error event: it reports the failure and is no copy of the failed event */
  readonly isErrorEvent: boolean;
  readonly originalDestinationId: number | null;
  readonly originalPartition: number | null;
  readonly originalPosition: bigint | null;
}

const DEAD_LETTER = Prisma.sql`
  (w.event_number - 1)::int AS "eventIndex", f.group_name AS "group", g.id AS "groupId", f.failed_at AS "failedAt",
  f.fingerprint, f.title, f.format = 'flowtap-skip' AS "isSkip",
  f.format = ${ERROR_EVENT_FORMAT} AS "isErrorEvent",
  coalesce(f.root_cause_class, f.exception_class) AS "rootCauseClass",
  f.original_destination_id AS "originalDestinationId", f.original_partition AS "originalPartition",
  f.original_position AS "originalPosition"`;
const GROUP = Prisma.sql`LEFT JOIN consumer_groups g ON g.cluster_id = f.cluster_id AND g.name = f.group_name`;

/** The dead letters of these events, and the failures that these events are or report themselves. */
export async function readDeadLettersOfEvents(
  prisma: PrismaClient,
  events: readonly EventPosition[],
): Promise<DeadLetterOf[]> {
  if (events.length === 0) return [];
  return prisma.$queryRaw`
    WITH w AS (
      SELECT *
      FROM unnest(
        ${events.map((p) => p.destinationId)}::int[], ${events.map((p) => p.partition)}::int[],
        ${events.map((p) => p.position)}::bigint[]
      ) WITH ORDINALITY AS w(destination_id, partition, position, event_number)
    )
    SELECT ${DEAD_LETTER}, false AS itself
    FROM w
    JOIN failures f ON f.original_destination_id = w.destination_id
      AND f.original_partition = w.partition
      AND f.original_position = w.position
      AND f.format <> ${ERROR_EVENT_FORMAT}
    ${GROUP}
    UNION ALL
    SELECT ${DEAD_LETTER}, true
    FROM w
    JOIN failures f ON f.destination_id = w.destination_id
      AND f.partition = w.partition
      AND f.position = w.position
    ${GROUP}
    ORDER BY "failedAt"`;
}

/** The groups that read the destinations, from which causes are inferred. */
export function readSubscriptions(
  prisma: PrismaClient,
  destinationIds: readonly number[],
): Promise<{ groupId: number; group: string; destinationId: number; serviceId: number | null; isOwn: boolean }[]> {
  return prisma.$queryRaw`
    SELECT DISTINCT p.group_id AS "groupId", g.name AS "group", p.destination_id AS "destinationId",
      g.service_id AS "serviceId",
      starts_with(d.name, g.name || '-') AND d.name LIKE '%-repartition' AS "isOwn"
    FROM (
      SELECT group_id, destination_id FROM group_partitions WHERE committed_offset IS NOT NULL
      UNION ALL
      SELECT group_id, destination_id FROM destination_routes WHERE gone_at IS NULL
    ) p
    JOIN consumer_groups g ON g.id = p.group_id
    JOIN destinations d ON d.id = p.destination_id
    WHERE p.destination_id = ANY(${[...destinationIds]}::int[])`;
}
