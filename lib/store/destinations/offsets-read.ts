/** Where the partitions of a topic begin and end, and which offset belongs to a time. */
import type { KnownLog } from "#lib/domain/message/why-missing.ts";
import type { PrismaClient } from "../db/database.ts";

export interface PartitionEnds {
  readonly destinationId: number;
  readonly partition: number;
  readonly start: bigint;
  readonly end: bigint;
}

/** The broker's ends as last asked, or as far as the tap has read, whichever is further. */
export function readTopicEnds(prisma: PrismaClient, cluster: string, topic: string): Promise<PartitionEnds[]> {
  return prisma.$queryRaw`
    SELECT d.id AS "destinationId", partition, coalesce(o.log_start_offset, 0) AS start,
      greatest(coalesce(o.end_offset, 0), coalesce(p.next, 0)) AS "end"
    FROM partition_offsets o
    FULL JOIN tap_positions p USING (destination_id, partition)
    JOIN destinations d ON d.id = destination_id
    JOIN clusters c ON c.id = d.cluster_id
    WHERE c.name = ${cluster} AND d.name = ${topic}
    ORDER BY partition`;
}

/** What the broker was last heard to tell of one partition; null: nothing yet. */
export async function readKnownLog(
  prisma: PrismaClient,
  { cluster, topic, partition }: { readonly cluster: string; readonly topic: string; readonly partition: number },
): Promise<KnownLog | null> {
  const [log] = await prisma.$queryRaw<
    {
      endOffset: bigint;
      lastStableOffset: bigint;
      heldSince: Date | null;
      producerId: string | null;
      transactionalId: string | null;
    }[]
  >`
    SELECT o.end_offset AS "endOffset", o.last_stable_offset AS "lastStableOffset", o.held_since AS "heldSince",
      o.held_by ->> 'producerId' AS "producerId", o.held_by ->> 'transactionalId' AS "transactionalId"
    FROM partition_offsets o
    JOIN destinations d ON d.id = o.destination_id AND d.name = ${topic}
    JOIN clusters c ON c.id = d.cluster_id AND c.name = ${cluster}
    WHERE o.partition = ${partition}`;
  if (log === undefined) return null;
  const { endOffset, lastStableOffset, heldSince, producerId, transactionalId } = log;
  return {
    endOffset,
    lastStableOffset,
    heldSince: heldSince?.toISOString() ?? null,
    heldBy: producerId === null ? null : { producerId, transactionalId },
  };
}

/** How far the tap has read each partition of a topic. */
export async function readTapNext(prisma: PrismaClient, destinationId: number): Promise<ReadonlyMap<number, bigint>> {
  const rows = await prisma.tapPosition.findMany({ where: { destinationId }, select: { partition: true, next: true } });
  return new Map(rows.map((row) => [row.partition, row.next]));
}

/** How much a machine's clock may be ahead of ours. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * By partition: the first position of the flush that holds the first event at or after the time. From the index alone,
 * so the broker is not asked to search.
 */
export async function readPositionsAt(
  prisma: PrismaClient,
  partitions: readonly PartitionEnds[],
  at: Date,
): Promise<ReadonlyMap<number, bigint>> {
  const since = new Date(at.getTime() - CLOCK_SKEW_MS);
  const rows = await prisma.$queryRaw<{ partition: number; position: bigint }[]>`
    SELECT w.partition, b.first_position AS position
    FROM unnest(
      ${partitions.map((p) => p.destinationId)}::int[], ${partitions.map((p) => p.partition)}::int[]
    ) AS w(destination_id, partition)
    CROSS JOIN LATERAL (
      SELECT first_position
      FROM event_batches b
      WHERE b.destination_id = w.destination_id
        AND b.partition = w.partition
        AND b.stored_at >= ${since}
        AND b.last_occurred_at >= ${at}
      ORDER BY b.last_position
      LIMIT 1
    ) b`;
  return new Map(rows.map((row) => [row.partition, row.position]));
}
