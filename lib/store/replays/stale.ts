/** The newest events of keys, as far as the index goes: by these an event is known to be stale. */
import type { NewestEvent } from "#lib/domain/replay/key-home.ts";
import type { RedriveItem } from "#lib/domain/replay/redrive.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { readWithin } from "../db/timed-read.ts";

const TIMEOUT_MS = 8000;
const CLOCKS_DIFFER_MS = 3_600_000;

/**
 * The newest event of each of these items' keys in each partition of the topic they were published to. Null: it took
 * too long to look, and nothing is known.
 */
export async function readNewestEvents(
  prisma: PrismaClient,
  cluster: string,
  items: readonly RedriveItem[],
): Promise<NewestEvent[] | null> {
  const keyed = items.flatMap(({ event: { key, originalTopic: topic, publishedAtMs } }) =>
    key === null || topic === null ? [] : [{ key, topic, publishedAtMs }],
  );
  if (keyed.length === 0) return [];
  const from = new Date(
    keyed.reduce((first, { publishedAtMs }) => Math.min(first, publishedAtMs), Number.POSITIVE_INFINITY) -
      CLOCKS_DIFFER_MS,
  );
  const rows = await readWithin(
    prisma,
    TIMEOUT_MS,
    (transaction) => transaction.$queryRaw<
      { topic: string; key: string; partition: number; position: bigint; at: Date }[]
    >`
      WITH chosen AS MATERIALIZED (
        SELECT d.id, d.name
        FROM destinations d
        JOIN clusters c ON c.id = d.cluster_id
        WHERE c.name = ${cluster} AND d.name = ANY(${[...new Set(keyed.map(({ topic }) => topic))]}::text[])
      )
      SELECT chosen.name AS topic, e.key, e.partition, max(e.position) AS position, max(e.occurred_at) AS at
      FROM events e
      JOIN chosen ON chosen.id = e.destination_id
      WHERE e.stored_at >= ${from}
        AND e.key = ANY(${[...new Set(keyed.map(({ key }) => key))]}::text[])
        AND e.destination_id = ANY(ARRAY(SELECT id FROM chosen))
      GROUP BY 1, 2, 3`,
  );
  return (
    rows?.map(({ topic, key, partition, position, at }) => ({
      topic,
      key,
      partition,
      offset: position,
      atMs: at.getTime(),
    })) ?? null
  );
}
