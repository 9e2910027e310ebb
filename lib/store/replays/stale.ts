/** Which events a newer one of their key has overtaken, as far as the index goes. */
import type { RedriveItem } from "#lib/domain/replay/redrive.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { readWithin } from "../db/timed-read.ts";

const TIMEOUT_MS = 8000;
const CLOCKS_DIFFER_MS = 3_600_000;

/**
 * For each of these items that is stale, by its place among them: where the newest event of its key lies in the
 * partition it was published to, later than every one of these items of that key. Null: it took too long to look, and
 * nothing is known.
 */
export async function readNewerEvents(
  prisma: PrismaClient,
  cluster: string,
  items: readonly RedriveItem[],
): Promise<Map<number, bigint> | null> {
  const keyed = items.flatMap(
    (
      { event: { key, originalTopic: topic, originalPartition: partition, originalOffset: offset, publishedAtMs } },
      seq,
    ) =>
      key === null || topic === null || partition === null || offset === null
        ? []
        : [{ seq, key, topic, partition, offset, publishedAtMs }],
  );
  if (keyed.length === 0) return new Map();
  const from = new Date(
    keyed.reduce((first, { publishedAtMs }) => Math.min(first, publishedAtMs), Number.POSITIVE_INFINITY) -
      CLOCKS_DIFFER_MS,
  );
  const rows = await readWithin(
    prisma,
    TIMEOUT_MS,
    (transaction) => transaction.$queryRaw<{ seq: number; newest: bigint }[]>`
      WITH chosen AS MATERIALIZED (
        SELECT at.seq, d.id AS destination_id, at.partition, at.position, at.key
        FROM unnest(
          ${keyed.map(({ seq }) => seq)}::int[], ${keyed.map(({ topic }) => topic)}::text[],
          ${keyed.map(({ partition }) => partition)}::int[],
          ${keyed.map(({ offset }) => String(offset))}::bigint[], ${keyed.map(({ key }) => key)}::text[]
        ) AS at(seq, topic, partition, position, key)
        JOIN clusters c ON c.name = ${cluster}
        JOIN destinations d ON d.cluster_id = c.id AND d.name = at.topic
      ),
      latest AS (
        SELECT destination_id, partition, key, max(position) AS position
        FROM chosen
        GROUP BY 1, 2, 3
      ),
      newest AS (
        SELECT e.destination_id, e.partition, e.key, max(e.position) AS position
        FROM events e
        WHERE e.stored_at >= ${from}
          AND e.key = ANY(${[...new Set(keyed.map(({ key }) => key))]}::text[])
          AND e.destination_id = ANY(ARRAY(SELECT DISTINCT destination_id FROM chosen))
        GROUP BY 1, 2, 3
      )
      SELECT chosen.seq, newest.position AS newest
      FROM chosen
      JOIN latest USING (destination_id, partition, key)
      JOIN newest USING (destination_id, partition, key)
      WHERE newest.position > latest.position`,
  );
  return rows === null ? null : new Map(rows.map(({ seq, newest }) => [seq, newest]));
}
