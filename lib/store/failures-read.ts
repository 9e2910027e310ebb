/** Dead letters: grouped by fingerprint, and one by one. */
import type { FailuresQuery } from "#lib/contracts/failures.ts";
import type { PrismaClient } from "./database.ts";
import { stepOf, type Span } from "./flow-series-read.ts";
import { Prisma } from "./prisma/generated/client.ts";

export interface FailureGroupColumns {
  readonly fingerprint: string;
  readonly title: string;
  readonly family: string;
  readonly rootCauseClass: string | null;
  readonly message: string | null;
  readonly events: number;
  readonly open: number;
  /** of the events and of the open ones, those that retention has passed: counted, but nowhere to be read */
  readonly aged: number;
  readonly agedOpen: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly groups: string[] | null;
  readonly topics: string[] | null;
  readonly types: string[] | null;
}

export type FailureFilter = Pick<FailuresQuery, "cluster" | "group" | "topic" | "service" | "status" | "q"> & { readonly from: Date; readonly to: Date };

/** `topic` is where the event failed, or where its dead letter lies. */
function where(filter: FailureFilter): Prisma.Sql {
  const parts = [Prisma.sql`f.failed_at >= ${filter.from}`, Prisma.sql`f.failed_at <= ${filter.to}`];
  if (filter.cluster !== undefined) parts.push(Prisma.sql`f.cluster_id = (SELECT id FROM clusters WHERE name = ${filter.cluster})`);
  if (filter.group !== undefined) parts.push(Prisma.sql`f.group_name = ${filter.group}`);
  if (filter.topic !== undefined) parts.push(Prisma.sql`(f.original_destination = ${filter.topic} OR f.destination_id IN (SELECT id FROM destinations WHERE name = ${filter.topic}))`);
  if (filter.service !== undefined) parts.push(Prisma.sql`f.service_id = (SELECT id FROM services WHERE name = ${filter.service})`);
  if (filter.status !== undefined) parts.push(Prisma.sql`f.status = ${filter.status}`);
  if (filter.q !== undefined) {
    parts.push(Prisma.sql`strpos(lower(concat_ws(' ', f.title, f.message, f.root_cause_class, f.exception_class, f.group_name, f.original_destination, f.key)), lower(${filter.q})) > 0`);
  }
  return Prisma.join(parts, " AND ");
}

/** The same of what is only counted any more; of which cluster and service it was is not known then. */
function whereAged(filter: FailureFilter): Prisma.Sql {
  if (filter.cluster !== undefined || filter.service !== undefined || (filter.status !== undefined && filter.status !== "open")) return Prisma.sql`false`;
  const parts = [Prisma.sql`last_at >= ${filter.from}`, Prisma.sql`first_at <= ${filter.to}`];
  if (filter.status !== undefined) parts.push(Prisma.sql`open > 0`);
  if (filter.group !== undefined) parts.push(Prisma.sql`${filter.group} = ANY(groups)`);
  if (filter.topic !== undefined) parts.push(Prisma.sql`${filter.topic} = ANY(topics)`);
  if (filter.q !== undefined) parts.push(Prisma.sql`strpos(lower(concat_ws(' ', title, message, root_cause_class, array_to_string(groups || topics, ' '))), lower(${filter.q})) > 0`);
  return Prisma.join(parts, " AND ");
}

const GROUPED = Prisma.sql`
  f.fingerprint, (array_agg(f.title ORDER BY f.failed_at DESC))[1] AS title, (array_agg(f.family ORDER BY f.failed_at DESC))[1] AS family,
  (array_agg(coalesce(f.root_cause_class, f.exception_class) ORDER BY f.failed_at DESC))[1] AS "rootCauseClass", (array_agg(f.message ORDER BY f.failed_at DESC))[1] AS message,
  count(*)::int AS events, (count(*) FILTER (WHERE f.status = 'open'))::int AS open, min(f.failed_at) AS "firstAt", max(f.failed_at) AS "lastAt",
  (array_agg(DISTINCT f.group_name) FILTER (WHERE f.group_name IS NOT NULL))[1:50] AS groups, (array_agg(DISTINCT coalesce(f.original_destination, d.name)))[1:50] AS topics,
  (array_agg(DISTINCT t.name) FILTER (WHERE t.name IS NOT NULL))[1:50] AS types`;
const MERGED = Prisma.sql`
  fingerprint, coalesce(live.title, aged.title) AS title, coalesce(live.family, aged.family) AS family, coalesce(live."rootCauseClass", aged.root_cause_class) AS "rootCauseClass", coalesce(live.message, aged.message) AS message,
  coalesce(live.events, 0) + coalesce(aged.events, 0) AS events, coalesce(live.open, 0) + coalesce(aged.open, 0) AS open, coalesce(aged.events, 0) AS aged, coalesce(aged.open, 0) AS "agedOpen",
  least(live."firstAt", aged.first_at) AS "firstAt", greatest(live."lastAt", aged.last_at) AS "lastAt",
  ARRAY(SELECT DISTINCT unnest(live.groups || aged.groups) ORDER BY 1 LIMIT 50) AS groups, ARRAY(SELECT DISTINCT unnest(live.topics || aged.topics) ORDER BY 1 LIMIT 50) AS topics,
  ARRAY(SELECT DISTINCT unnest(live.types || aged.types) ORDER BY 1 LIMIT 50) AS types`;
const JOINED = Prisma.sql`JOIN destinations d ON d.id = f.destination_id LEFT JOIN event_types t ON t.id = f.type_id`;

export async function readFailureGroups(prisma: PrismaClient, filter: FailureFilter, limit: number, offset: number): Promise<{ rows: FailureGroupColumns[]; total: number }> {
  const rows = await prisma.$queryRaw<(FailureGroupColumns & { total: number })[]>`
    WITH live AS (SELECT ${GROUPED} FROM failures f ${JOINED} WHERE ${where(filter)} GROUP BY f.fingerprint), aged AS (SELECT * FROM aged_failures WHERE ${whereAged(filter)})
    SELECT ${MERGED}, (count(*) OVER ())::int AS total FROM live FULL JOIN aged USING (fingerprint)
    ORDER BY "lastAt" DESC, fingerprint LIMIT ${limit} OFFSET ${offset}`;
  return { rows, total: rows[0]?.total ?? 0 };
}

export async function readFailureGroup(prisma: PrismaClient, fingerprint: string): Promise<FailureGroupColumns | null> {
  const [row] = await prisma.$queryRaw<FailureGroupColumns[]>`
    WITH live AS (SELECT ${GROUPED} FROM failures f ${JOINED} WHERE f.fingerprint = ${fingerprint} GROUP BY f.fingerprint), aged AS (SELECT * FROM aged_failures WHERE fingerprint = ${fingerprint})
    SELECT ${MERGED} FROM live FULL JOIN aged USING (fingerprint)`;
  return row ?? null;
}

export function readFailureSeries(prisma: PrismaClient, fingerprints: readonly string[], { from, to, stepSeconds }: Span): Promise<{ fingerprint: string; at: Date; events: number }[]> {
  return prisma.$queryRaw`
    SELECT fingerprint, ${stepOf(Prisma.sql`failed_at`, stepSeconds)} AS at, count(*)::int AS events FROM failures
    WHERE fingerprint = ANY(${[...fingerprints]}::text[]) AND failed_at >= ${from} AND failed_at < ${to} GROUP BY 1, 2`;
}

export interface FailureColumns {
  readonly id: bigint;
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
  readonly failedAt: Date;
  readonly family: string;
  readonly fingerprint: string;
  readonly originalTopic: string | null;
  readonly originalPartition: number | null;
  readonly originalPosition: bigint | null;
  readonly originalAt: Date | null;
  readonly group: string | null;
  readonly exceptionClass: string | null;
  readonly rootCauseClass: string | null;
  readonly message: string | null;
  readonly stack: string | null;
  readonly attempt: number | null;
  readonly traceId: string | null;
  readonly type: string | null;
  readonly service: string | null;
  readonly key: string | null;
  readonly status: string;
}

export function readFailures(prisma: PrismaClient, fingerprint: string, status: string | undefined, limit: number, offset: number): Promise<FailureColumns[]> {
  return prisma.$queryRaw`
    SELECT f.id, c.name AS cluster, d.name AS topic, f.partition, f.position, f.failed_at AS "failedAt", f.family, f.fingerprint, f.original_destination AS "originalTopic",
           f.original_partition AS "originalPartition", f.original_position AS "originalPosition", f.original_at AS "originalAt", f.group_name AS "group",
           f.exception_class AS "exceptionClass", f.root_cause_class AS "rootCauseClass", f.message, f.stack, f.attempt, f.trace_id AS "traceId", t.name AS type,
           s.name AS service, f.key, f.status
    FROM failures f ${JOINED} JOIN clusters c ON c.id = f.cluster_id LEFT JOIN services s ON s.id = f.service_id
    WHERE f.fingerprint = ${fingerprint} AND (${status ?? null}::text IS NULL OR f.status = ${status ?? null})
    ORDER BY f.failed_at DESC, f.id DESC LIMIT ${limit} OFFSET ${offset}`;
}
