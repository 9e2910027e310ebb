/** Events that lie where they were published, with the open failure of each. */
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import type { EventToReplay } from "#lib/domain/replay/event-to-replay.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { inHandOf } from "./plan.ts";

export interface OpenFailure {
  readonly id: bigint;
  readonly inAnotherRun: boolean;
  readonly groupName: string | null;
}

export const openFailureAt = (destinationId: Prisma.Sql, partition: Prisma.Sql, position: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`
    SELECT o.id, o.group_name
    FROM failures o
    WHERE o.original_destination_id = ${destinationId}
      AND o.original_partition = ${partition}
      AND o.original_position = ${position}
      AND o.status = 'open'
      AND o.format <> ${ERROR_EVENT_FORMAT}
    ORDER BY o.id + 0
    LIMIT 1`;

/** The open failures of events of one topic, by `partition/offset` of the event. */
export async function readOpenFailuresOf(
  prisma: PrismaClient,
  destinationId: number,
  positions: readonly { readonly partition: number; readonly offset: bigint }[],
): Promise<Map<string, OpenFailure>> {
  const failureAt = openFailureAt(Prisma.sql`${destinationId}`, Prisma.sql`at.partition`, Prisma.sql`at.position`);
  const rows = await prisma.$queryRaw<
    { partition: number; position: bigint; id: bigint; inAnotherRun: boolean; groupName: string | null }[]
  >`
    SELECT at.partition, at.position, f.id, ${inHandOf(Prisma.sql`f.id`)} AS "inAnotherRun",
      f.group_name AS "groupName"
    FROM unnest(
      ${positions.map(({ partition }) => partition)}::int[],
      ${positions.map(({ offset }) => String(offset))}::bigint[]
    ) AS at(partition, position)
    CROSS JOIN LATERAL (${failureAt}) f`;
  return new Map(rows.map(({ partition, position, ...failure }) => [`${partition}/${position}`, failure]));
}

export interface PublishedAt {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly atMs: number;
  readonly key: string | null;
  readonly sizeBytes: number;
  readonly logStart: bigint | null;
  readonly isCopyOfReplay: boolean;
}

/** An event that lies where it was published. */
export function asPublished(
  { cluster, topic, partition, offset, atMs, key, sizeBytes, logStart, isCopyOfReplay }: PublishedAt,
  failure: OpenFailure | null,
): EventToReplay {
  return {
    failureId: failure?.id ?? null,
    isDeadLetter: false,
    isErrorEvent: false,
    status: "open",
    inAnotherRun: failure?.inAnotherRun ?? false,
    isCopyOfReplay,
    cluster,
    sourceTopic: topic,
    sourcePartition: partition,
    sourceOffset: offset,
    sourceLogStart: logStart,
    sourceIsGone: false,
    seenAtMs: atMs,
    seenBytes: sizeBytes,
    originalTopic: topic,
    originalPartition: partition,
    originalOffset: offset,
    publishedAtMs: atMs,
    groupName: failure?.groupName ?? null,
    key,
  };
}

/** Null: no tap has seen it. */
export async function readTopicToReplay(
  prisma: PrismaClient,
  cluster: string,
  topic: string,
): Promise<{ id: number; role: string } | null> {
  return prisma.destination.findFirst({
    where: { name: topic, cluster: { name: cluster } },
    select: { id: true, role: true },
  });
}
