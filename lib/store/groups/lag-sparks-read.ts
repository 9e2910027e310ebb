/** The lag of several groups per minute, for the small charts of a list. */
import type { PrismaClient } from "../db/database.ts";

const MINUTE_MS = 60_000;
const BUCKET_MS = 10_000;

/**
 * Lag per minute of several groups: the last figure of each minute, over all their topics. Rows lie in the order of
 * time, each on a page of its own, so of minutes that are over only the last two buckets are looked at; the inspector
 * writes every one.
 */
export function readLagSparks(
  prisma: PrismaClient,
  groupIds: readonly number[],
  from: Date,
  to: Date,
): Promise<{ groupId: number; at: Date; lag: number }[]> {
  const buckets: Date[] = [];
  for (let minute = from.getTime(); minute <= to.getTime(); minute += MINUTE_MS) {
    const over = minute + MINUTE_MS <= to.getTime();
    for (
      let at = over ? minute + 4 * BUCKET_MS : minute;
      at < Math.min(minute + MINUTE_MS, to.getTime());
      at += BUCKET_MS
    )
      buckets.push(new Date(at));
  }
  return prisma.$queryRaw`
    SELECT "groupId", at, sum(lag)::float8 AS lag
    FROM (
      SELECT DISTINCT ON (group_id, destination_id, date_trunc('minute', bucket)) group_id AS "groupId",
        date_trunc('minute', bucket) AS at, lag_messages AS lag
      FROM consume_rollups
      WHERE group_id = ANY(${[...groupIds]}::int[])
        AND bucket = ANY(${buckets}::timestamptz[])
        AND lag_messages IS NOT NULL
      ORDER BY group_id, destination_id, date_trunc('minute', bucket), bucket DESC
    ) minutes
    GROUP BY "groupId", at`;
}
