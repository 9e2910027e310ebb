/** The events a redrive is planned from: dead letters, and events that lie where they were published. */
import { EVENT_FLAG } from "#lib/domain/message/flags.ts";
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import type { EventToReplay } from "#lib/domain/replay/redrive.ts";
import { membersOf } from "../failures/triage-read.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { inHandOf } from "./plan.ts";
import { readWithin } from "../db/timed-read.ts";

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
      LEAST(f.original_at, f.failed_at) AS published_at, f.group_name, f.key
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

export type IndexedChosen =
  | { readonly by: "trace"; readonly traceUuids: readonly string[]; readonly since: Date }
  | { readonly by: "key"; readonly cluster: string; readonly key: string; readonly topics: readonly string[] | null };

interface IndexedRow {
  cluster: string;
  topic: string;
  partition: number;
  position: bigint;
  occurredAt: Date;
  key: string | null;
  flags: number;
  logStart: bigint | null;
  failureId: bigint | null;
  inAnotherRun: boolean | null;
  groupName: string | null;
}

const NOT_AS_PUBLISHED = EVENT_FLAG.deadLetter | EVENT_FLAG.retryHop;
const TIMEOUT_MS = 15_000;

/**
 * Indexed events as they were published, oldest first, with the open failure that sending each again would mend. Null:
 * it took too long to look.
 */
export async function readIndexedToReplay(
  prisma: PrismaClient,
  chosen: IndexedChosen,
  limit: number,
): Promise<EventToReplay[] | null> {
  const where =
    chosen.by === "trace"
      ? Prisma.sql`x.trace_id = ANY(${[...chosen.traceUuids]}::uuid[]) AND x.stored_at >= ${chosen.since}`
      : Prisma.sql`
        x.key = ${chosen.key}
        AND x.destination_id = ANY(ARRAY(
          SELECT o.id
          FROM destinations o
          JOIN clusters k ON k.id = o.cluster_id
          WHERE k.name = ${chosen.cluster} AND o.role = 'event' AND o.gone_at IS NULL
          ${chosen.topics === null ? Prisma.empty : Prisma.sql`AND o.name = ANY(${[...chosen.topics]}::text[])`}
        ))`;
  const failureOfEvent = openFailureAt(Prisma.sql`e.destination_id`, Prisma.sql`e.partition`, Prisma.sql`e.position`);
  const rows = await readWithin(
    prisma,
    TIMEOUT_MS,
    (transaction) => transaction.$queryRaw<IndexedRow[]>`
      WITH e AS MATERIALIZED (
        SELECT x.*
        FROM events x
        JOIN destinations y ON y.id = x.destination_id
        WHERE ${where} AND y.role = 'event' AND y.gone_at IS NULL AND x.flags & ${NOT_AS_PUBLISHED}::int = 0
        ORDER BY x.occurred_at, x.stored_at
        LIMIT ${limit}
      )
      SELECT c.name AS cluster, d.name AS topic, e.partition, e.position, e.occurred_at AS "occurredAt",
        e.key, e.flags, po.log_start_offset AS "logStart", f.id AS "failureId",
        ${inHandOf(Prisma.sql`f.id`)} AS "inAnotherRun", f.group_name AS "groupName"
      FROM e
      JOIN destinations d ON d.id = e.destination_id
      JOIN clusters c ON c.id = d.cluster_id
      LEFT JOIN partition_offsets po ON po.destination_id = e.destination_id AND po.partition = e.partition
      LEFT JOIN LATERAL (${failureOfEvent}) f ON true`,
  );
  return rows === null
    ? null
    : rows.map((row) =>
        asPublished(
          {
            ...row,
            offset: row.position,
            atMs: row.occurredAt.getTime(),
            isCopyOfReplay: (row.flags & EVENT_FLAG.replayed) !== 0,
          },
          row.failureId === null
            ? null
            : { id: row.failureId, inAnotherRun: row.inAnotherRun === true, groupName: row.groupName },
        ),
      );
}

export interface OpenFailure {
  readonly id: bigint;
  readonly inAnotherRun: boolean;
  readonly groupName: string | null;
}

const openFailureAt = (destinationId: Prisma.Sql, partition: Prisma.Sql, position: Prisma.Sql): Prisma.Sql =>
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
  readonly logStart: bigint | null;
  readonly isCopyOfReplay: boolean;
}

/** An event that lies where it was published. */
export function asPublished(
  { cluster, topic, partition, offset, atMs, key, logStart, isCopyOfReplay }: PublishedAt,
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
