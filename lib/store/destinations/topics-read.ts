/** Topics as lists show them, with their sizes, rates and producers. */
import type { TopicsQuery } from "#lib/contracts/topics.ts";
import type { TopicRole } from "#lib/domain/flow/rows.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
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
