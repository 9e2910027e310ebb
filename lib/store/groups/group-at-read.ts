/**
 * One consumer group as it was at a moment: from its commits, the flushes of its topics, its members' sessions
 * and the rollups.
 */
import { worstVerdict, type Verdict } from "#lib/domain/health/verdict.ts";
import type { PrismaClient } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";

export interface PartitionAt {
  readonly destinationId: number;
  readonly topic: string;
  readonly tapped: boolean;
  readonly retentionMs: bigint | null;
  readonly cleanupPolicy: string | null;
  readonly partition: number;
  /** null: no commit before the moment is kept */
  readonly committedOffset: bigint | null;
  /**
   * when that was committed; a partition that committed nothing since keeps its committed offset: then the
   * last time it moved
   */
  readonly committedAt: Date | null;
  readonly endOffset: bigint | null;
  /**
   * when the first waiting event was written, between the ends of the flush that holds it; null: nothing
   * waits, or not kept
   */
  readonly headAt: Date | null;
}

const MOST_PARTITIONS = 2000;

/**
 * What the group had committed on each partition that it reads today: today's offset if that has not moved since, else
 * the last commit before the moment. The log end of then is where the first flush after the moment begins, or, without
 * such a flush, where the log ends now.
 */
export function readPartitionsAt(prisma: PrismaClient, groupId: number, at: Date): Promise<PartitionAt[]> {
  return prisma.$queryRaw`
    SELECT p.destination_id AS "destinationId", d.name AS topic, d.tapped, d.retention_ms AS "retentionMs",
      d.cleanup_policy AS "cleanupPolicy", p.partition, last_commit.offset AS "committedOffset",
      last_commit.at AS "committedAt", log_end.offset AS "endOffset",
      CASE
        WHEN last_commit.offset < log_end.offset THEN (
          SELECT CASE
            WHEN b.last_position > b.first_position AND last_commit.offset > b.first_position
              THEN b.first_occurred_at + (b.last_occurred_at - b.first_occurred_at) * (
                (last_commit.offset - b.first_position)::float8 / (b.last_position - b.first_position)
              )
            ELSE b.first_occurred_at
          END
          FROM event_batches b
          WHERE b.destination_id = p.destination_id
            AND b.partition = p.partition
            AND b.last_position >= last_commit.offset
            AND b.stored_at <= ${at}
          ORDER BY b.last_position
          LIMIT 1
        )
      END AS "headAt"
    FROM group_partitions p
    JOIN destinations d ON d.id = p.destination_id
    LEFT JOIN partition_offsets o ON o.destination_id = p.destination_id AND o.partition = p.partition
    LEFT JOIN LATERAL (
      SELECT p.committed_offset AS offset, coalesce(p.moved_at, p.committed_at) AS at
      WHERE coalesce(p.moved_at, p.committed_at) <= ${at}
      UNION ALL (
        SELECT k.committed_offset, k.committed_at
        FROM group_commits k
        WHERE k.group_id = p.group_id
          AND k.destination_id = p.destination_id
          AND k.partition = p.partition
          AND k.committed_at <= ${at}
          AND k.stored_at <= ${at}::timestamptz + interval '1 minute'
          AND NOT coalesce(coalesce(p.moved_at, p.committed_at) <= ${at}, false)
        ORDER BY k.committed_at DESC
        LIMIT 1
      )
      LIMIT 1
    ) last_commit ON true
    LEFT JOIN LATERAL (
      SELECT CASE
        WHEN d.tapped THEN coalesce(
          (
            SELECT b.first_position
            FROM event_batches b
            WHERE b.destination_id = p.destination_id
              AND b.partition = p.partition
              AND b.stored_at > ${at}
              AND b.last_position >= coalesce(last_commit.offset, 0)
            ORDER BY b.last_position
            LIMIT 1
          ),
          o.end_offset
        )
      END AS offset
    ) log_end ON true
    WHERE p.group_id = ${groupId}
    ORDER BY d.name, p.partition
    LIMIT ${MOST_PARTITIONS}`;
}

export interface MemberAt {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: unknown;
}

/** Who was connected; with the last assignment of that session. */
export function readMembersAt(prisma: PrismaClient, groupId: number, at: Date): Promise<MemberAt[]> {
  return prisma.memberSession.findMany({
    where: { groupId, joinedAt: { lte: at }, OR: [{ leftAt: null }, { leftAt: { gt: at } }] },
    orderBy: { clientId: "asc" },
    take: 2000,
    select: { memberId: true, clientId: true, host: true, assignment: true },
  });
}

/**
 * Whether any session is known at or before the moment. None at all means that members were not recorded yet.
 */
export async function knewMembers(prisma: PrismaClient, groupId: number, at: Date): Promise<boolean> {
  return (
    (await prisma.memberSession.findFirst({
      where: { groupId, joinedAt: { lte: at } },
      select: { memberId: true },
    })) !== null
  );
}

export interface GroupStatusAt {
  readonly verdict: Verdict | null;
  readonly lagMessages: number | null;
  readonly timeLagMs: number | null;
  readonly members: number | null;
  readonly consumedPerSecond: number;
  readonly publishedPerSecond: number;
}

const RATE_SECONDS = 60;
const rollupVerdict = (verdict: string) => wordOf("consume_rollups.verdict", verdict);

/** The last evaluation in the minute before, the worst of its topics, and the rates of that minute. */
export async function readGroupStatusAt(
  prisma: PrismaClient,
  groupId: number,
  at: Date,
): Promise<GroupStatusAt | null> {
  const from = new Date(at.getTime() - RATE_SECONDS * 1000);
  const [row] = await prisma.$queryRaw<
    (Omit<GroupStatusAt, "verdict"> & { verdicts: string[] | null; rows: number })[]
  >`
    SELECT count(*)::int AS rows, array_agg(last.verdict) FILTER (WHERE last.verdict IS NOT NULL) AS verdicts,
      sum(last.lag)::float8 AS "lagMessages", max(last.time_lag)::float8 AS "timeLagMs",
      max(last.members) AS members,
      coalesce(sum(last.consumed), 0)::float8 / ${RATE_SECONDS} AS "consumedPerSecond",
      coalesce(
        (
          SELECT sum(events)
          FROM publish_rollups
          WHERE bucket > ${from}
            AND bucket <= ${at}
            AND destination_id IN (SELECT DISTINCT destination_id FROM group_partitions WHERE group_id = ${groupId})
        ),
        0
      )::float8 / ${RATE_SECONDS} AS "publishedPerSecond"
    FROM (
      SELECT destination_id, sum(consumed) AS consumed,
        (array_agg(verdict ORDER BY bucket DESC) FILTER (WHERE verdict IS NOT NULL))[1] AS verdict,
        (array_agg(lag_messages ORDER BY bucket DESC) FILTER (WHERE lag_messages IS NOT NULL))[1] AS lag,
        (array_agg(time_lag_ms ORDER BY bucket DESC) FILTER (WHERE time_lag_ms IS NOT NULL))[1] AS time_lag,
        (array_agg(member_count ORDER BY bucket DESC) FILTER (WHERE member_count IS NOT NULL))[1] AS members
      FROM consume_rollups
      WHERE group_id = ${groupId} AND bucket > ${from} AND bucket <= ${at}
      GROUP BY destination_id
    ) last`;
  if (row === undefined || row.rows === 0) return null;
  const { verdicts, rows: _rows, ...rest } = row;
  return { ...rest, verdict: verdicts === null ? null : worstVerdict(verdicts.map(rollupVerdict)) };
}
