import type { SkipPreview } from "#lib/contracts/replay-preview.ts";
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import { storableKey } from "#lib/domain/text/text.ts";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";

/** Where the group's dead letters of this topic went last, else a dead-letter topic known to belong to it. */
export async function readKnownDeadLetterTopic(
  prisma: PrismaClient,
  { cluster, group, topic }: { readonly cluster: string; readonly group: string; readonly topic: string },
): Promise<string | null> {
  const rows = await prisma.$queryRaw<{ name: string }[]>`
    (
      SELECT d.name, 1 AS rank
      FROM failures f
      JOIN destinations d ON d.id = f.destination_id
      JOIN destinations o ON o.id = f.original_destination_id
      JOIN clusters c ON c.id = o.cluster_id
      WHERE c.name = ${cluster}
        AND o.name = ${topic}
        AND f.group_name = ${group}
        AND f.format <> ${ERROR_EVENT_FORMAT}
        AND d.gone_at IS NULL
        AND d.role <> 'retry'
      ORDER BY f.id DESC
      LIMIT 1
    )
    UNION ALL (
      SELECT d.name, 2
      FROM destinations d
      JOIN destinations o ON o.id = d.source_id
      JOIN clusters c ON c.id = o.cluster_id
      WHERE c.name = ${cluster} AND o.name = ${topic} AND d.role = 'dead_letter' AND d.gone_at IS NULL
      ORDER BY d.id
      LIMIT 1
    )
    ORDER BY rank
    LIMIT 1`;
  return rows[0]?.name ?? null;
}

/** A skip's one item: the event, and its copy. */
export const itemOfSkip = (
  runId: number,
  { topic, partition, offset, deadLetterTopic, key }: SkipPreview,
): Prisma.ReplayItemUncheckedCreateInput => ({
  runId,
  seq: 0,
  sourceTopic: topic,
  sourcePartition: partition,
  sourceOffset: BigInt(offset),
  targetTopic: deadLetterTopic,
  key: key === null ? null : storableKey(key),
});
