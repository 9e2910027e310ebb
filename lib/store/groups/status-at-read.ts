/** The verdict, lag and rates of a group at a moment, from the rollups of the minute before. */
import { worstVerdict, type Verdict } from "#lib/domain/health/verdict.ts";
import type { PrismaClient } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";

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
