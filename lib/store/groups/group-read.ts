/** One consumer group now: its partitions, the events next to be read, its commits and failures. */
import type { LagFlag } from "#lib/domain/health/log/flag.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";

export interface GroupPartitionColumns {
  readonly destinationId: number;
  readonly topic: string;
  readonly partition: number;
  readonly committedOffset: bigint | null;
  readonly endOffset: bigint | null;
  readonly logStartOffset: bigint | null;
  readonly lagMessages: bigint | null;
  readonly timeLagMs: bigint | null;
  readonly timeLagIsFloor: boolean;
  readonly lastStableOffset: bigint | null;
  readonly inRate: number;
  readonly outRate: number;
  readonly catchUpSeconds: number | null;
  readonly dataLossSeconds: number | null;
  readonly lostMessages: bigint;
  readonly flag: LagFlag | null;
  readonly verdict: Verdict;
  readonly evidence: number;
  readonly movedAt: Date | null;
  readonly memberId: string | null;
  readonly clientId: string | null;
}

export async function readGroupPartitions(prisma: PrismaClient, groupId: number): Promise<GroupPartitionColumns[]> {
  const rows = await prisma.$queryRaw<GroupPartitionColumns[]>`
    SELECT p.destination_id AS "destinationId", d.name AS topic, p.partition,
      p.committed_offset AS "committedOffset", greatest(o.end_offset, p.committed_offset) AS "endOffset",
      o.log_start_offset AS "logStartOffset", l.messages AS "lagMessages",
      CASE WHEN l.messages = 0 THEN 0 ELSE p.time_lag_ms END AS "timeLagMs",
      p.time_lag_is_floor AND l.messages IS DISTINCT FROM 0 AS "timeLagIsFloor",
      o.last_stable_offset AS "lastStableOffset",
      p.in_rate AS "inRate", p.out_rate AS "outRate", p.catch_up_seconds AS "catchUpSeconds",
      p.data_loss_seconds AS "dataLossSeconds", p.lost_messages AS "lostMessages", p.flag, p.verdict,
      p.evidence, p.moved_at AS "movedAt", p.member_id AS "memberId", m.client_id AS "clientId"
    FROM group_partitions p
    JOIN destinations d ON d.id = p.destination_id
    LEFT JOIN partition_offsets o ON o.destination_id = p.destination_id AND o.partition = p.partition
    LEFT JOIN group_members m ON m.group_id = p.group_id AND m.member_id = p.member_id
    CROSS JOIN LATERAL (
      -- Commits are stored as they come, lags every few seconds: no more can wait than lies behind the commit shown.
      SELECT CASE
          WHEN p.committed_offset IS NULL OR o.end_offset IS NULL THEN p.lag_messages
          ELSE least(p.lag_messages, greatest(o.end_offset - p.committed_offset, 0))
        END AS messages
    ) l
    WHERE p.group_id = ${groupId}
    ORDER BY d.name, p.partition
    LIMIT 20000`;
  return checkWords(rows, { flag: "group_partitions.flag", verdict: "group_partitions.verdict" });
}

/** Commits per minute and partition, for the heat strip. */
export function readCommitHeat(
  prisma: PrismaClient,
  groupId: number,
  from: Date,
  to: Date,
): Promise<{ destinationId: number; partition: number; at: Date; commits: number }[]> {
  return prisma.$queryRaw`
    SELECT destination_id AS "destinationId", partition, date_trunc('minute', stored_at) AS at,
      count(*)::int AS commits
    FROM group_commits
    WHERE group_id = ${groupId} AND stored_at >= ${from} AND stored_at < ${to}
    GROUP BY 1, 2, 3`;
}

export interface HeadColumns {
  readonly destinationId: number;
  readonly partition: number;
  readonly position: bigint;
  readonly occurredAt: Date;
  readonly type: string | null;
  readonly key: string | null;
  readonly traceId: string | null;
}

/** The first indexed event at or after each position: found through the flush that holds it. */
export async function readEventsAt(
  prisma: PrismaClient,
  positions: readonly { readonly destinationId: number; readonly partition: number; readonly position: bigint }[],
): Promise<HeadColumns[]> {
  if (positions.length === 0) return [];
  return prisma.$queryRaw`
    SELECT w.destination_id AS "destinationId", w.partition, e.position, e.occurred_at AS "occurredAt",
      t.name AS type, e.key, e.trace_id AS "traceId"
    FROM unnest(
      ${positions.map((p) => p.destinationId)}::int[], ${positions.map((p) => p.partition)}::int[],
      ${positions.map((p) => p.position)}::bigint[]
    ) AS w(destination_id, partition, position)
    CROSS JOIN LATERAL (
      SELECT stored_at
      FROM event_batches b
      WHERE b.destination_id = w.destination_id
        AND b.partition = w.partition
        AND b.last_position >= w.position
      ORDER BY b.last_position
      LIMIT 1
    ) b
    CROSS JOIN LATERAL (
      SELECT *
      FROM events e
      WHERE e.stored_at = b.stored_at
        AND e.destination_id = w.destination_id
        AND e.partition = w.partition
        AND e.position >= w.position
      ORDER BY e.position
      LIMIT 1
    ) e
    LEFT JOIN event_types t ON t.id = e.type_id`;
}

/** Dead letters of a group until a moment: those still open, and those of the hour before it. */
export async function countGroupFailures(
  prisma: PrismaClient,
  cluster: string,
  group: string,
  until: Date,
): Promise<{ open: number; lastHour: number }> {
  const lastHourFrom = new Date(until.getTime() - 3_600_000);
  const [row] = await prisma.$queryRaw<{ open: number; lastHour: number }[]>`
    SELECT (count(*) FILTER (WHERE f.status = 'open'))::int AS open,
      (count(*) FILTER (WHERE f.failed_at >= ${lastHourFrom}))::int AS "lastHour"
    FROM failures f
    JOIN clusters c ON c.id = f.cluster_id
    WHERE f.group_name = ${group} AND c.name = ${cluster} AND f.failed_at <= ${until}`;
  return row ?? { open: 0, lastHour: 0 };
}
