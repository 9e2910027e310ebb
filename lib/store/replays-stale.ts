/** Which dead letters a newer event of their key has overtaken, as far as the index goes. */
import { Prisma, type PrismaClient } from "./prisma/generated/client.ts";

const TIMEOUT_MS = 8000;
const QUERY_CANCELED = "57014";

/**
 * For each of these failures that is stale: where the newest event of its key lies in the partition it came from, later than every one of
 * these failures of that key. Null: it took too long to look, and nothing is known.
 */
export async function readNewerEvents(prisma: PrismaClient, failureIds: readonly bigint[]): Promise<Map<bigint, bigint> | null> {
  try {
    const rows = await prisma.$transaction(
      async (transaction) => {
        await transaction.$executeRawUnsafe(`SET LOCAL statement_timeout = ${TIMEOUT_MS}`);
        const [span] = await transaction.$queryRaw<{ from: Date | null; keys: string[] | null; destinations: number[] | null }[]>`
          SELECT min(LEAST(original_at, failed_at)) - interval '1 hour' AS "from", array_agg(DISTINCT key) AS keys, array_agg(DISTINCT original_destination_id) AS destinations
          FROM failures WHERE id = ANY(${[...failureIds]}::bigint[]) AND key IS NOT NULL AND original_destination_id IS NOT NULL AND original_partition IS NOT NULL AND original_position IS NOT NULL`;
        if (span === undefined || span.from === null) return [];
        return transaction.$queryRaw<{ id: bigint; newest: bigint }[]>`
          WITH chosen AS (SELECT id, original_destination_id AS destination_id, original_partition AS partition, original_position AS position, key FROM failures WHERE id = ANY(${[...failureIds]}::bigint[])),
          latest AS (SELECT destination_id, partition, key, max(position) AS position FROM chosen GROUP BY 1, 2, 3),
          newest AS (
            SELECT e.destination_id, e.partition, e.key, max(e.position) AS position FROM events e
            WHERE e.stored_at >= ${span.from} AND e.key = ANY(${span.keys}::text[]) AND e.destination_id = ANY(${span.destinations}::int[]) GROUP BY 1, 2, 3)
          SELECT chosen.id, newest.position AS newest
          FROM chosen JOIN latest USING (destination_id, partition, key) JOIN newest USING (destination_id, partition, key)
          WHERE newest.position > latest.position`;
      },
      { timeout: 2 * TIMEOUT_MS },
    );
    return new Map(rows.map(({ id, newest }) => [id, newest]));
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && JSON.stringify(error.meta ?? {}).includes(QUERY_CANCELED)) return null;
    throw error;
  }
}
