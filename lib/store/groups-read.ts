/** Consumer groups as lists show them: the standing last judged, worst first. */
import type { GroupsQuery } from "#lib/contracts/groups.ts";
import type { PrismaClient } from "./database.ts";
import { Prisma } from "./prisma/generated/client.ts";

export interface GroupColumns {
  readonly id: number;
  readonly cluster: string;
  readonly group: string;
  readonly protocol: string;
  readonly state: string;
  readonly members: number;
  readonly coordinator: string | null;
  readonly service: string | null;
  readonly verdict: string;
  readonly verdictSince: Date | null;
  readonly evidence: number;
  readonly reason: string | null;
  readonly lagMessages: bigint;
  readonly timeLagMs: bigint | null;
  readonly timeLagIsFloor: boolean;
  readonly inRate: number;
  readonly outRate: number;
  readonly catchUpSeconds: number | null;
  readonly dataLossSeconds: number | null;
  readonly lostMessages: bigint;
  readonly generation: number | null;
  readonly cause: string | null;
  readonly causeSince: Date | null;
  /** a Finding, as the inspector wrote it */
  readonly causeDetail: unknown;
  readonly judgedAt: Date | null;
}

const COLUMNS = Prisma.sql`
  g.id, c.name AS cluster, g.name AS "group", g.protocol, g.state, g.member_count AS members, g.coordinator, s.name AS service, g.verdict,
  g.verdict_since AS "verdictSince", g.evidence, g.reason, g.lag_messages AS "lagMessages", g.time_lag_ms AS "timeLagMs", g.time_lag_is_floor AS "timeLagIsFloor", g.in_rate AS "inRate",
  g.out_rate AS "outRate", g.catch_up_seconds AS "catchUpSeconds", g.data_loss_seconds AS "dataLossSeconds", g.lost_messages AS "lostMessages", g.generation,
  g.cause, g.cause_since AS "causeSince", g.cause_detail AS "causeDetail", g.judged_at AS "judgedAt"`;
const FROM = Prisma.sql`FROM consumer_groups g JOIN clusters c ON c.id = g.cluster_id LEFT JOIN services s ON s.id = g.service_id`;

const ORDERS = {
  severity: Prisma.sql`g.severity DESC, g.lag_messages DESC, g.id`,
  lag: Prisma.sql`g.lag_messages DESC, g.id`,
  timeLag: Prisma.sql`g.time_lag_ms DESC NULLS LAST, g.id`,
  name: Prisma.sql`g.name, g.id`,
} as const;

type GroupFilter = Pick<GroupsQuery, "cluster" | "q" | "verdict" | "cause" | "topic" | "state">;

function where(filter: GroupFilter, withVerdict: boolean): Prisma.Sql {
  const parts = [Prisma.sql`g.gone_at IS NULL`];
  if (filter.cluster !== undefined) parts.push(Prisma.sql`c.name = ${filter.cluster}`);
  if (filter.q !== undefined) parts.push(Prisma.sql`strpos(lower(g.name), lower(${filter.q})) > 0`);
  if (filter.state !== undefined) parts.push(Prisma.sql`g.state = ${filter.state}`);
  if (withVerdict && filter.verdict !== undefined) parts.push(Prisma.sql`g.verdict = ${filter.verdict}`);
  if (withVerdict && filter.cause !== undefined) parts.push(Prisma.sql`g.cause = ${filter.cause}`);
  if (filter.topic !== undefined) {
    parts.push(Prisma.sql`EXISTS (SELECT 1 FROM group_partitions p JOIN destinations d ON d.id = p.destination_id WHERE p.group_id = g.id AND d.name = ${filter.topic})`);
  }
  return Prisma.join(parts, " AND ");
}

export function readGroups(prisma: PrismaClient, filter: GroupFilter, sort: GroupsQuery["sort"], limit: number, offset: number): Promise<GroupColumns[]> {
  return prisma.$queryRaw`SELECT ${COLUMNS} ${FROM} WHERE ${where(filter, true)} ORDER BY ${ORDERS[sort]} LIMIT ${limit} OFFSET ${offset}`;
}

export async function readGroup(prisma: PrismaClient, cluster: string, group: string): Promise<GroupColumns | null> {
  const [row] = await prisma.$queryRaw<GroupColumns[]>`SELECT ${COLUMNS} ${FROM} WHERE c.name = ${cluster} AND g.name = ${group}`;
  return row ?? null;
}

/** How many groups have which verdict, whatever verdict is asked for. */
export function countGroups(prisma: PrismaClient, filter: GroupFilter): Promise<{ verdict: string; groups: number }[]> {
  return prisma.$queryRaw`SELECT g.verdict, count(*)::int AS groups ${FROM} WHERE ${where(filter, false)} GROUP BY g.verdict`;
}

export function readTopicsOfGroups(prisma: PrismaClient, groupIds: readonly number[]): Promise<{ groupId: number; topic: string }[]> {
  return prisma.$queryRaw`
    SELECT DISTINCT p.group_id AS "groupId", d.name AS topic FROM group_partitions p JOIN destinations d ON d.id = p.destination_id
    WHERE p.group_id = ANY(${[...groupIds]}::int[]) ORDER BY 2 LIMIT 5000`;
}

/** Lag per minute of several groups: the last figure of each minute, over all their topics. */
export function readLagSparks(prisma: PrismaClient, groupIds: readonly number[], from: Date): Promise<{ groupId: number; at: Date; lag: number }[]> {
  return prisma.$queryRaw`
    SELECT "groupId", at, sum(lag)::float8 AS lag FROM (
      SELECT DISTINCT ON (group_id, destination_id, date_trunc('minute', bucket)) group_id AS "groupId", date_trunc('minute', bucket) AS at, lag_messages AS lag
      FROM consume_rollups WHERE group_id = ANY(${[...groupIds]}::int[]) AND bucket >= ${from} AND lag_messages IS NOT NULL
      ORDER BY group_id, destination_id, date_trunc('minute', bucket), bucket DESC) minutes
    GROUP BY "groupId", at`;
}
