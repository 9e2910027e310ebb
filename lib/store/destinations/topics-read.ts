/** Topics as lists show them, and one topic in detail. */
import type { TopicsQuery } from "#lib/contracts/topics.ts";
import type { TopicRole } from "#lib/domain/flow/rows.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
import { stepOf, type Span } from "../flow/series-read.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface TopicColumns {
  readonly id: number;
  readonly cluster: string;
  readonly topic: string;
  readonly role: TopicRole;
  readonly sourceTopic: string | null;
  readonly partitions: number;
  readonly tapped: boolean;
  readonly retentionMs: bigint | null;
  readonly cleanupPolicy: string | null;
  readonly events: number;
  readonly bytes: number;
  readonly messages: bigint;
  readonly tapBehind: bigint;
}

const ORDERS = {
  rate: Prisma.sql`events DESC, topic, id`,
  name: Prisma.sql`topic, id`,
  size: Prisma.sql`messages DESC, topic, id`,
} as const;

function select(where: Prisma.Sql, since: Date): Prisma.Sql {
  return Prisma.sql`
    WITH chosen AS (
      SELECT d.*, c.name AS cluster
      FROM destinations d
      JOIN clusters c ON c.id = d.cluster_id
      WHERE ${where}
    ),
    rates AS (
      SELECT destination_id, sum(events)::float8 AS events, sum(bytes)::float8 AS bytes
      FROM publish_rollups
      WHERE bucket >= ${since}
      GROUP BY destination_id
    ),
    sizes AS (
      SELECT o.destination_id, sum(greatest(o.end_offset - o.log_start_offset, 0))::bigint AS messages,
        sum(greatest(o.end_offset - p.next, 0))::bigint AS behind
      FROM partition_offsets o
      LEFT JOIN tap_positions p USING (destination_id, partition)
      GROUP BY o.destination_id
    )
    SELECT chosen.id, chosen.cluster, chosen.name AS topic, chosen.role, source.name AS "sourceTopic",
      chosen.partition_count AS partitions, chosen.tapped, chosen.retention_ms AS "retentionMs",
      chosen.cleanup_policy AS "cleanupPolicy", coalesce(rates.events, 0) AS events,
      coalesce(rates.bytes, 0) AS bytes, coalesce(sizes.messages, 0) AS messages,
      CASE WHEN chosen.tapped THEN coalesce(sizes.behind, 0) ELSE 0 END AS "tapBehind"
    FROM chosen
    LEFT JOIN rates ON rates.destination_id = chosen.id
    LEFT JOIN sizes ON sizes.destination_id = chosen.id
    LEFT JOIN destinations source ON source.id = chosen.source_id`;
}

type TopicFilter = Pick<TopicsQuery, "cluster" | "q" | "role">;

/** Without a role asked for, the broker's own topics stay out. */
function where(filter: TopicFilter): Prisma.Sql {
  const parts = [
    Prisma.sql`d.gone_at IS NULL`,
    filter.role === undefined ? Prisma.sql`d.role <> 'internal'` : Prisma.sql`d.role = ${filter.role}`,
  ];
  if (filter.cluster !== undefined) parts.push(Prisma.sql`c.name = ${filter.cluster}`);
  if (filter.q !== undefined) parts.push(Prisma.sql`strpos(lower(d.name), lower(${filter.q})) > 0`);
  return Prisma.join(parts, " AND ");
}

export async function readTopics(
  prisma: PrismaClient,
  filter: TopicFilter,
  sort: TopicsQuery["sort"],
  since: Date,
  limit: number,
  offset: number,
): Promise<TopicColumns[]> {
  const rows = await prisma.$queryRaw<TopicColumns[]>`
    ${select(where(filter), since)} ORDER BY ${ORDERS[sort]} LIMIT ${limit} OFFSET ${offset}`;
  return checkWords(rows, { role: "destinations.role" });
}

export async function countTopics(prisma: PrismaClient, filter: TopicFilter): Promise<number> {
  const [row] = await prisma.$queryRaw<
    { topics: number }[]
  >`SELECT count(*)::int AS topics FROM destinations d JOIN clusters c ON c.id = d.cluster_id WHERE ${where(filter)}`;
  return row?.topics ?? 0;
}

export async function readTopic(
  prisma: PrismaClient,
  cluster: string,
  topic: string,
  since: Date,
): Promise<TopicColumns | null> {
  const rows = await prisma.$queryRaw<TopicColumns[]>`
    ${select(Prisma.sql`c.name = ${cluster} AND d.name = ${topic}`, since)}`;
  return checkWords(rows, { role: "destinations.role" })[0] ?? null;
}

/** Who wrote to the topics lately. */
export function readProducers(
  prisma: PrismaClient,
  ids: readonly number[],
  since: Date,
): Promise<{ id: number; service: string }[]> {
  return prisma.$queryRaw`
    SELECT DISTINCT r.destination_id AS id, s.name AS service
    FROM publish_rollups r
    JOIN services s ON s.id = r.service_id
    WHERE r.bucket >= ${since} AND r.destination_id = ANY(${[...ids]}::int[])
    ORDER BY 2
    LIMIT 5000`;
}

export interface ReadingGroup {
  readonly id: number;
  readonly group: string;
  readonly verdict: Verdict;
  readonly lagMessages: bigint;
  readonly timeLagMs: bigint | null;
  /** all that read the same topic */
  readonly among: number;
}

const WORST_FIRST = ["rewound", "stalled", "stopped", "warning", "ok", "unknown"];

/**
 * Which groups read the topics, and how far behind they are: of every topic the first ones by name. The sums are made
 * by id before names are joined: with thousands of groups on a topic that is most of the work.
 */
export async function readGroupsOf(
  prisma: PrismaClient,
  ids: readonly number[],
  perTopic: number,
): Promise<ReadingGroup[]> {
  const rows = await prisma.$queryRaw<ReadingGroup[]>`
    SELECT id, "group", (${WORST_FIRST}::text[])[worst] AS verdict, lag AS "lagMessages",
      time_lag AS "timeLagMs", among
    FROM (
      SELECT p.*, g.name AS "group", row_number() OVER (PARTITION BY p.id ORDER BY g.name) AS ordinal,
        count(*) OVER (PARTITION BY p.id)::int AS among
      FROM (
        SELECT destination_id AS id, group_id, min(array_position(${WORST_FIRST}::text[], verdict)) AS worst,
          coalesce(sum(lag_messages), 0)::bigint AS lag, max(time_lag_ms) AS time_lag
        FROM group_partitions
        WHERE destination_id = ANY(${[...ids]}::int[])
        GROUP BY 1, 2
      ) p
      JOIN consumer_groups g ON g.id = p.group_id AND g.gone_at IS NULL
    ) readers
    WHERE ordinal <= ${perTopic}::int
    ORDER BY "group", id`;
  return checkWords(rows, { verdict: "group_partitions.verdict" });
}

export function readRateSparks(
  prisma: PrismaClient,
  ids: readonly number[],
  from: Date,
): Promise<{ id: number; at: Date; events: number }[]> {
  return prisma.$queryRaw`
    SELECT destination_id AS id, date_trunc('minute', bucket) AS at, sum(events)::float8 AS events
    FROM publish_rollups
    WHERE bucket >= ${from} AND destination_id = ANY(${[...ids]}::int[])
    GROUP BY 1, 2`;
}

export function readTopicPartitions(
  prisma: PrismaClient,
  id: number,
): Promise<
  { partition: number; logStartOffset: bigint; endOffset: bigint; leader: number | null; tapNext: bigint | null }[]
> {
  return prisma.$queryRaw`
    SELECT o.partition, o.log_start_offset AS "logStartOffset", o.end_offset AS "endOffset", o.leader,
      p.next AS "tapNext"
    FROM partition_offsets o
    LEFT JOIN tap_positions p USING (destination_id, partition)
    WHERE o.destination_id = ${id}
    ORDER BY o.partition`;
}

export function readTopicTypes(
  prisma: PrismaClient,
  id: number,
  { from, to }: Span,
): Promise<{ type: string; schemaVersion: string; service: string; events: number; firstSeenAt: Date }[]> {
  return prisma.$queryRaw`
    SELECT coalesce(t.name, '') AS type, coalesce(t.schema_version, '') AS "schemaVersion",
      coalesce(s.name, '') AS service, r.events, coalesce(t.first_seen_at, r.first) AS "firstSeenAt"
    FROM (
      SELECT type_id, service_id, sum(events)::float8 AS events, min(bucket) AS first
      FROM publish_rollups
      WHERE destination_id = ${id} AND bucket >= ${from} AND bucket < ${to}
      GROUP BY 1, 2
    ) r
    LEFT JOIN event_types t ON t.id = r.type_id
    LEFT JOIN services s ON s.id = r.service_id
    ORDER BY r.events DESC
    LIMIT 500`;
}

export function readTopicSeries(
  prisma: PrismaClient,
  id: number,
  { from, to, stepSeconds }: Span,
): Promise<{ at: Date; type: string; events: number; bytes: number; errors: number }[]> {
  return prisma.$queryRaw`
    SELECT r.at, coalesce(t.name, '') AS type, sum(r.events)::float8 AS events, sum(r.bytes)::float8 AS bytes,
      sum(r.errors)::float8 AS errors
    FROM (
      SELECT ${stepOf(Prisma.sql`bucket`, stepSeconds)} AS at, type_id, sum(events) AS events,
        sum(bytes) AS bytes, sum(errors) AS errors
      FROM publish_rollups
      WHERE destination_id = ${id} AND bucket >= ${from} AND bucket < ${to}
      GROUP BY 1, 2
    ) r
    LEFT JOIN event_types t ON t.id = r.type_id
    GROUP BY 1, 2`;
}
