/** The groups that read topics, with their verdict and lag. */
import type { Verdict } from "#lib/domain/health/verdict.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";

export interface ReadingGroup {
  readonly id: number;
  readonly group: string;
  readonly verdict: Verdict;
  readonly lagMessages: bigint;
  readonly timeLagMs: bigint | null;
  /** all that read the same topic */
  readonly among: number;
}

const WORST_FIRST = ["rewound", "stalled", "stopped", "warning", "ok", "unknown"];

/**
 * Which groups read the topics, and how far behind they are: of every topic the first ones by name. What waits in a
 * queue counts for each way to it. The sums are made by id before names are joined: with thousands of groups on a topic
 * that is most of the work.
 */
export async function readGroupsOf(
  prisma: PrismaClient,
  ids: readonly number[],
  perTopic: number,
): Promise<ReadingGroup[]> {
  const rows = await prisma.$queryRaw<ReadingGroup[]>`
    SELECT id, "group", (${WORST_FIRST}::text[])[worst] AS verdict, lag AS "lagMessages",
      time_lag AS "timeLagMs", among
    FROM (
      SELECT p.*, g.name AS "group", row_number() OVER (PARTITION BY p.id ORDER BY g.name) AS ordinal,
        count(*) OVER (PARTITION BY p.id)::int AS among
      FROM (
        SELECT destination_id AS id, group_id, min(array_position(${WORST_FIRST}::text[], verdict)) AS worst,
          coalesce(sum(lag_messages), 0)::bigint AS lag, max(time_lag_ms) AS time_lag
        FROM group_partitions
        WHERE destination_id = ANY(${[...ids]}::int[])
        GROUP BY 1, 2
        UNION ALL
        SELECT r.destination_id, r.group_id, array_position(${WORST_FIRST}::text[], q.verdict), q.lag_messages,
          q.time_lag_ms
        FROM destination_routes r
        JOIN consumer_groups q ON q.id = r.group_id
        WHERE r.destination_id = ANY(${[...ids]}::int[]) AND r.gone_at IS NULL
      ) p
      JOIN consumer_groups g ON g.id = p.group_id AND g.gone_at IS NULL
    ) readers
    WHERE ordinal <= ${perTopic}::int
    ORDER BY "group", id`;
  return checkWords(rows, { verdict: "group_partitions.verdict" });
}
