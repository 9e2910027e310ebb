import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";

/** Of the first ones kept: whoever floods the topic later does not decide where its dead letters come from. */
const ASKED_PER_TOPIC = 1000;

/** How many of the first dead letters of each of these topics name which topic as their source. */
export async function readNamedSources(
  prisma: PrismaClient,
  cluster: string,
  deadLetterTopics: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const rows = await prisma.$queryRaw<{ topic: string; source: string; items: number }[]>`
    SELECT d.name AS topic, first.original_destination AS source, count(*)::int AS items
    FROM destinations d
    JOIN clusters c ON c.id = d.cluster_id
    CROSS JOIN LATERAL (
      SELECT f.original_destination
      FROM failures f
      WHERE f.destination_id = d.id AND f.format <> ${ERROR_EVENT_FORMAT} AND f.original_destination IS NOT NULL
      ORDER BY f.partition, f.position
      LIMIT ${ASKED_PER_TOPIC}
    ) first
    WHERE c.name = ${cluster} AND d.name = ANY(${[...deadLetterTopics]}::text[])
    GROUP BY 1, 2`;
  return new Map(
    [...Map.groupBy(rows, ({ topic }) => topic)].map(([topic, own]) => [
      topic,
      new Map(own.map(({ source, items }) => [source, items])),
    ]),
  );
}
