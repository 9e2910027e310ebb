/** One group over time: lag, rates, commits and members per step. */
import { stepOf, type Span } from "../flow/series-read.ts";
import { Prisma } from "../prisma/generated/client.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";

export interface GroupStepColumns {
  readonly at: Date;
  readonly lagMessages: number | null;
  readonly timeLagMs: number | null;
  readonly consumed: number;
  readonly errors: number;
  readonly members: number | null;
  readonly verdict: Verdict | null;
}

const WORST_FIRST = ["rewound", "stalled", "stopped", "warning", "ok", "unknown"];
const BUCKET = Prisma.sql`bucket`;

/** Per step: what was consumed, and the last lag, members and verdict in it. */
export async function readGroupSeries(
  prisma: PrismaClient,
  groupId: number,
  { from, to, stepSeconds }: Span,
): Promise<GroupStepColumns[]> {
  const rows = await prisma.$queryRaw<GroupStepColumns[]>`
    SELECT at, sum(lag)::float8 AS "lagMessages", max(time_lag)::float8 AS "timeLagMs",
      sum(consumed)::float8 AS consumed, sum(errors)::float8 AS errors, max(members) AS members,
      (${WORST_FIRST}::text[])[min(array_position(${WORST_FIRST}::text[], verdict))] AS verdict
    FROM (
      SELECT ${stepOf(BUCKET, stepSeconds)} AS at, destination_id, sum(consumed) AS consumed,
        sum(errors) AS errors,
        (array_agg(lag_messages ORDER BY bucket DESC) FILTER (WHERE lag_messages IS NOT NULL))[1] AS lag,
        (array_agg(time_lag_ms ORDER BY bucket DESC) FILTER (WHERE time_lag_ms IS NOT NULL))[1] AS time_lag,
        (array_agg(member_count ORDER BY bucket DESC) FILTER (WHERE member_count IS NOT NULL))[1] AS members,
        (array_agg(verdict ORDER BY bucket DESC) FILTER (WHERE verdict IS NOT NULL))[1] AS verdict
      FROM consume_rollups
      WHERE group_id = ${groupId} AND bucket >= ${from} AND bucket < ${to}
      GROUP BY 1, 2
    ) steps
    GROUP BY at
    ORDER BY at`;
  return checkWords(rows, { verdict: "consume_rollups.verdict" });
}

/** Events published per step to the topics a group reads. */
export function readInflow(
  prisma: PrismaClient,
  groupId: number,
  { from, to, stepSeconds }: Span,
): Promise<{ at: Date; events: number }[]> {
  return prisma.$queryRaw`
    SELECT ${stepOf(BUCKET, stepSeconds)} AS at, sum(events)::float8 AS events
    FROM publish_rollups
    WHERE bucket >= ${from}
      AND bucket < ${to}
      AND destination_id IN (SELECT DISTINCT destination_id FROM group_partitions WHERE group_id = ${groupId})
    GROUP BY 1`;
}

/** Offsets committed per step, whether they moved or not. */
export function readCommitCounts(
  prisma: PrismaClient,
  groupId: number,
  { from, to, stepSeconds }: Span,
): Promise<{ at: Date; commits: number }[]> {
  return prisma.$queryRaw`
    SELECT ${stepOf(Prisma.sql`stored_at`, stepSeconds)} AS at, count(*)::int AS commits
    FROM group_commits
    WHERE group_id = ${groupId} AND stored_at >= ${from} AND stored_at < ${to}
    GROUP BY 1`;
}
