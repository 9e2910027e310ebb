/** The consumer group of a failure whose dead letters name none. */
import type { PrismaClient } from "../db/database.ts";
import { membersOf } from "./triage-read.ts";
import { Prisma } from "../prisma/generated/client.ts";

/**
 * The group that alone reads the topic all these dead letters came from; null: several topics or groups, or not known.
 */
export async function readOnlyReader(prisma: PrismaClient, head: string): Promise<string | null> {
  const rows = await prisma.$queryRaw<{ reader: string }[]>`
    WITH origins AS (
      SELECT DISTINCT f.original_destination_id AS id
      FROM failures f
      WHERE f.fingerprint = ANY(${membersOf(Prisma.sql`${head}::text`)})
    )
    SELECT DISTINCT g.name AS reader
    FROM origins o
    JOIN group_partitions gp ON gp.destination_id = o.id
    JOIN consumer_groups g ON g.id = gp.group_id
    WHERE g.gone_at IS NULL AND (SELECT count(*) FROM origins) = 1
    LIMIT 2`;
  return rows.length === 1 ? (rows[0]?.reader ?? null) : null;
}
