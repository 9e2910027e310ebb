/** Failures over time, for charts. */
import type { PrismaClient } from "../db/database.ts";
import { stepOf, type Span } from "../flow/series-read.ts";
import { Prisma } from "../prisma/generated/client.ts";

/** Of what the fingerprints are shown as. */
export function readFailureSeries(
  prisma: PrismaClient,
  heads: readonly string[],
  { from, to, stepSeconds }: Span,
): Promise<{ fingerprint: string; at: Date; events: number }[]> {
  return prisma.$queryRaw`
    WITH members AS (
      SELECT h.head, h.head AS fingerprint
      FROM unnest(${[...heads]}::text[]) AS h(head)
      UNION ALL
      SELECT c.merged_into, c.fingerprint
      FROM failure_triages c
      WHERE c.merged_into = ANY(${[...heads]}::text[])
    )
    SELECT m.head AS fingerprint, ${stepOf(Prisma.sql`f.failed_at`, stepSeconds)} AS at,
      count(*)::int AS events
    FROM members m
    JOIN failures f ON f.fingerprint = m.fingerprint
    WHERE f.failed_at >= ${from} AND f.failed_at < ${to}
    GROUP BY 1, 2`;
}
