/** What became of events in the groups that read their topics. */
import type { PrismaClient } from "./database.ts";

export interface Place {
  readonly destinationId: number;
  readonly partition: number;
  readonly position: bigint;
  readonly occurredAt: Date;
}

export interface FateColumns {
  /** index into the places asked for */
  readonly place: number;
  readonly cluster: string;
  readonly group: string;
  readonly gone: boolean;
  readonly committedOffset: bigint | null;
  readonly logStartOffset: bigint | null;
  /** the first commit that passed the event, where it was seen */
  readonly passedAt: Date | null;
}

/** How much earlier than its event a commit may be stamped: two machines' clocks. */
const CLOCK_SKEW_MS = 60_000;

export async function readFates(prisma: PrismaClient, places: readonly Place[]): Promise<FateColumns[]> {
  if (places.length === 0) return [];
  const since = new Date(Math.min(...places.map((place) => place.occurredAt.getTime())) - CLOCK_SKEW_MS);
  return prisma.$queryRaw`
    SELECT (w.place - 1)::int AS place, c.name AS cluster, g.name AS "group", g.gone_at IS NOT NULL AS gone, p.committed_offset AS "committedOffset",
           o.log_start_offset AS "logStartOffset", passed.committed_at AS "passedAt"
    FROM unnest(${places.map((p) => p.destinationId)}::int[], ${places.map((p) => p.partition)}::int[], ${places.map((p) => p.position)}::bigint[], ${places.map((p) => p.occurredAt)}::timestamptz[])
      WITH ORDINALITY AS w(destination_id, partition, position, occurred_at, place)
    JOIN group_partitions p ON p.destination_id = w.destination_id AND p.partition = w.partition
    JOIN consumer_groups g ON g.id = p.group_id JOIN clusters c ON c.id = g.cluster_id
    LEFT JOIN partition_offsets o ON o.destination_id = w.destination_id AND o.partition = w.partition
    LEFT JOIN LATERAL (
      SELECT k.committed_at FROM group_commits k
      WHERE k.stored_at >= ${since} AND k.group_id = p.group_id AND k.destination_id = w.destination_id AND k.partition = w.partition
        AND k.committed_at >= w.occurred_at - ${CLOCK_SKEW_MS}::float8 * interval '1 millisecond' AND k.committed_offset > w.position
      ORDER BY k.committed_at LIMIT 1) passed ON p.committed_offset > w.position
    ORDER BY w.place, g.name`;
}

export interface DeadLetterOf {
  readonly place: number;
  readonly group: string | null;
  readonly failedAt: Date;
  readonly fingerprint: string;
  readonly rootCauseClass: string | null;
  /** the event is the dead letter itself, not the one that failed */
  readonly itself: boolean;
}

export async function readDeadLetters(prisma: PrismaClient, places: readonly Place[]): Promise<DeadLetterOf[]> {
  if (places.length === 0) return [];
  return prisma.$queryRaw`
    WITH w AS (SELECT * FROM unnest(${places.map((p) => p.destinationId)}::int[], ${places.map((p) => p.partition)}::int[], ${places.map((p) => p.position)}::bigint[])
      WITH ORDINALITY AS w(destination_id, partition, position, place))
    SELECT (w.place - 1)::int AS place, f.group_name AS "group", f.failed_at AS "failedAt", f.fingerprint, coalesce(f.root_cause_class, f.exception_class) AS "rootCauseClass", false AS itself
    FROM w JOIN failures f ON f.original_destination_id = w.destination_id AND f.original_partition = w.partition AND f.original_position = w.position
    UNION ALL
    SELECT (w.place - 1)::int, f.group_name, f.failed_at, f.fingerprint, coalesce(f.root_cause_class, f.exception_class), true
    FROM w JOIN failures f ON f.destination_id = w.destination_id AND f.partition = w.partition AND f.position = w.position
    ORDER BY "failedAt"`;
}
