/** The dead letters a redrive is planned from. */
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import type { EventToReplay } from "#lib/domain/replay/event-to-replay.ts";
import { membersOf } from "../failures/triage-read.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { inHandOf } from "./plan.ts";

export type DeadLetterChoice =
  | {
      readonly by: "fingerprint";
      readonly fingerprint: string;
      readonly group: string | null;
      readonly key: string | null;
      readonly from: Date | null;
      readonly to: Date | null;
    }
  | { readonly by: "failures"; readonly ids: readonly bigint[] }
  | { readonly by: "trace"; readonly traceUuids: readonly string[] }
  | { readonly by: "range"; readonly destinationId: number; readonly ranges: readonly PositionRange[] };

export interface PositionRange {
  readonly partition: number;
  readonly from: bigint;
  /** the first position behind it */
  readonly to: bigint;
}

interface DeadLetterRow {
  id: bigint;
  is_error_event: boolean;
  status: EventToReplay["status"];
  in_another_run: boolean;
  cluster: string;
  source_topic: string;
  partition: number;
  position: bigint;
  log_start_offset: bigint | null;
  original_destination: string | null;
  original_partition: number | null;
  original_position: bigint | null;
  published_at: Date;
  failed_at: Date;
  is_gone: boolean;
  group_name: string | null;
  key: string | null;
}

/**
 * The chosen dead letters, open ones first; of a trace or a range without its error events, which lie where they were
 * published; `limit` bounds what is looked at.
 */
export async function readDeadLettersToReplay(
  prisma: PrismaClient,
  chosen: DeadLetterChoice,
  limit: number,
): Promise<EventToReplay[]> {
  const rows = await prisma.$queryRaw<DeadLetterRow[]>`
    SELECT f.id, f.format = ${ERROR_EVENT_FORMAT} AS is_error_event, f.status,
      ${inHandOf(Prisma.sql`f.id`)} AS in_another_run, c.name AS cluster, d.name AS source_topic, f.partition,
      f.position, po.log_start_offset, f.original_destination, f.original_partition, f.original_position,
      LEAST(f.original_at, f.failed_at) AS published_at, f.failed_at,
      d.gone_at IS NOT NULL AS is_gone, f.group_name, f.key
    FROM failures f
    JOIN clusters c ON c.id = f.cluster_id
    JOIN destinations d ON d.id = f.destination_id
    LEFT JOIN partition_offsets po ON po.destination_id = f.destination_id AND po.partition = f.partition
    WHERE ${whereDeadLetters(chosen)}
    ORDER BY (f.status = 'open') DESC, f.id
    LIMIT ${limit}`;
  return rows.map((row) => ({
    failureId: row.id,
    isDeadLetter: !row.is_error_event,
    isErrorEvent: row.is_error_event,
    status: row.status,
    inAnotherRun: row.in_another_run,
    isCopyOfReplay: false,
    cluster: row.cluster,
    sourceTopic: row.source_topic,
    sourcePartition: row.partition,
    sourceOffset: row.position,
    sourceLogStart: row.log_start_offset,
    sourceIsGone: row.is_gone,
    seenAtMs: row.failed_at.getTime(),
    seenBytes: null,
    originalTopic: row.original_destination,
    originalPartition: row.original_partition,
    originalOffset: row.original_position,
    publishedAtMs: row.published_at.getTime(),
    groupName: row.group_name,
    key: row.key,
  }));
}

function whereDeadLetters(chosen: DeadLetterChoice): Prisma.Sql {
  switch (chosen.by) {
    case "fingerprint": {
      const parts = [Prisma.sql`f.fingerprint = ANY(${membersOf(Prisma.sql`${chosen.fingerprint}::text`)})`];
      if (chosen.group !== null) parts.push(Prisma.sql`f.group_name = ${chosen.group}`);
      if (chosen.key !== null) parts.push(Prisma.sql`f.key = ${chosen.key}`);
      if (chosen.from !== null) parts.push(Prisma.sql`f.failed_at >= ${chosen.from}`);
      if (chosen.to !== null) parts.push(Prisma.sql`f.failed_at < ${chosen.to}`);
      return Prisma.join(parts, " AND ");
    }
    case "failures":
      return Prisma.sql`f.id = ANY(${[...chosen.ids]}::bigint[])`;
    case "trace":
      return Prisma.sql`f.trace_id = ANY(${[...chosen.traceUuids]}::uuid[]) AND f.format <> ${ERROR_EVENT_FORMAT}`;
    case "range":
      return Prisma.sql`
        f.destination_id = ${chosen.destinationId}
        AND f.format <> ${ERROR_EVENT_FORMAT}
        AND EXISTS (
          SELECT 1
          FROM ${asTable(chosen.ranges)}
          WHERE r.partition = f.partition AND f.position >= r.first AND f.position < r.behind
        )`;
  }
}

const asTable = (ranges: readonly PositionRange[]): Prisma.Sql =>
  Prisma.sql`
    unnest(
      ${ranges.map(({ partition }) => partition)}::int[], ${ranges.map(({ from }) => String(from))}::bigint[],
      ${ranges.map(({ to }) => String(to))}::bigint[]
    ) AS r(partition, first, behind)`;
