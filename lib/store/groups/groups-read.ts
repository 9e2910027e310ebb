/** Consumer groups as lists show them, with their last evaluation, worst first. */
import type { GroupsQuery } from "#lib/contracts/groups.ts";
import type { Cause } from "#lib/domain/health/cause.ts";
import type { ReasonKind } from "#lib/domain/health/reason.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import type { GroupFigures } from "#lib/telemetry/group-metrics.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface GroupColumns extends GroupFigures {
  readonly id: number;
  readonly verdict: Verdict;
  readonly cause: Cause | null;
  readonly service: string | null;
  readonly verdictSince: Date | null;
  readonly evidence: number;
  readonly reason: string | null;
  readonly reasonKind: ReasonKind | null;
  readonly generation: number | null;
  readonly causeSince: Date | null;
  /** a ReportedFinding as it was stored */
  readonly causeDetail: unknown;
}

/** The columns of GroupFigures, after the group's id. */
export const GROUP_FIGURES = Prisma.sql`
  g.id, c.name AS cluster, g.name AS "group", g.protocol, g.state, g.member_count AS members, g.coordinator,
  g.verdict, g.cause, g.severity, g.lag_messages AS "lagMessages", g.time_lag_ms AS "timeLagMs",
  g.time_lag_is_floor AS "timeLagIsFloor", g.in_rate AS "inRate", g.out_rate AS "outRate",
  g.catch_up_seconds AS "catchUpSeconds", g.data_loss_seconds AS "dataLossSeconds",
  g.lost_messages AS "lostMessages", g.evaluated_at AS "evaluatedAt"`;
const COLUMNS = Prisma.sql`
  ${GROUP_FIGURES}, s.name AS service, g.verdict_since AS "verdictSince", g.evidence, g.reason,
  g.reason_kind AS "reasonKind", g.generation, g.cause_since AS "causeSince", g.cause_detail AS "causeDetail"`;
const GROUP_WORDS = {
  protocol: "consumer_groups.protocol",
  state: "consumer_groups.state",
  verdict: "consumer_groups.verdict",
  cause: "consumer_groups.cause",
  reasonKind: "consumer_groups.reason_kind",
} as const;
const FROM = Prisma.sql`
  FROM consumer_groups g
  JOIN clusters c ON c.id = g.cluster_id
  LEFT JOIN services s ON s.id = g.service_id`;

export const WORST_FIRST = Prisma.sql`g.severity DESC, g.lag_messages DESC, g.id`;
const ORDERS = {
  severity: WORST_FIRST,
  lag: Prisma.sql`g.lag_messages DESC, g.id`,
  timeLag: Prisma.sql`coalesce(g.time_lag_ms, -1) DESC, g.id`,
  name: Prisma.sql`g.name, g.id`,
} as const;

/**
 * Where the next page of a list begins: after the values by which the last row was sorted. If that row has changed
 * since, the values it had then still count.
 */
export interface GroupListCursor {
  readonly severity: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: bigint | null;
  readonly id: number;
}

function after(sort: GroupsQuery["sort"], last: GroupListCursor): Prisma.Sql {
  const { severity, lagMessages, id } = last;
  switch (sort) {
    case "severity":
      return Prisma.sql`
        (g.severity, g.lag_messages) <= (${severity}::int, ${lagMessages}::bigint)
        AND ((g.severity, g.lag_messages) <> (${severity}::int, ${lagMessages}::bigint) OR g.id > ${id})`;
    case "lag":
      return Prisma.sql`
        g.lag_messages <= ${lagMessages}::bigint
        AND (g.lag_messages <> ${lagMessages}::bigint OR g.id > ${id})`;
    case "timeLag":
      return Prisma.sql`
        coalesce(g.time_lag_ms, -1) <= ${last.timeLagMs ?? -1n}::bigint
        AND (coalesce(g.time_lag_ms, -1) <> ${last.timeLagMs ?? -1n}::bigint OR g.id > ${id})`;
    case "name":
      return Prisma.sql`(g.name, g.id) > (SELECT name, id FROM consumer_groups WHERE id = ${id})`;
  }
}

type GroupFilter = Pick<GroupsQuery, "cluster" | "q" | "verdict" | "cause" | "topic" | "service" | "state">;

function where(filter: GroupFilter): Prisma.Sql {
  const parts = [Prisma.sql`g.gone_at IS NULL`];
  if (filter.cluster !== undefined) parts.push(Prisma.sql`c.name = ${filter.cluster}`);
  if (filter.q !== undefined) parts.push(Prisma.sql`strpos(lower(g.name), lower(${filter.q})) > 0`);
  if (filter.state !== undefined) parts.push(Prisma.sql`g.state = ${filter.state}`);
  if (filter.service !== undefined) parts.push(Prisma.sql`s.name = ${filter.service}`);
  if (filter.topic !== undefined) {
    parts.push(
      Prisma.sql`
        EXISTS (
          SELECT 1
          FROM group_partitions p
          WHERE p.group_id = g.id
            AND p.destination_id = ANY(ARRAY(SELECT id FROM destinations WHERE name = ${filter.topic}))
        )`,
    );
  }
  return Prisma.join(parts, " AND ");
}

const evaluatedAs = ({ verdict, cause }: GroupFilter): Prisma.Sql =>
  Prisma.sql`
    (${verdict ?? null}::text IS NULL OR g.verdict = ${verdict ?? null})
    AND (${cause ?? null}::text IS NULL OR g.cause = ${cause ?? null})`;

export async function readGroups(
  prisma: PrismaClient,
  filter: GroupFilter,
  sort: GroupsQuery["sort"],
  limit: number,
  last: GroupListCursor | null,
): Promise<GroupColumns[]> {
  const rows = await prisma.$queryRaw<GroupColumns[]>`
    SELECT ${COLUMNS}
    ${FROM}
    WHERE ${where(filter)} AND ${evaluatedAs(filter)} AND ${last === null ? Prisma.sql`true` : after(sort, last)}
    ORDER BY ${ORDERS[sort]}
    LIMIT ${limit}`;
  return checkWords(rows, GROUP_WORDS);
}

export async function readGroup(prisma: PrismaClient, cluster: string, group: string): Promise<GroupColumns | null> {
  const rows = await prisma.$queryRaw<GroupColumns[]>`
    SELECT ${COLUMNS} ${FROM} WHERE c.name = ${cluster} AND g.name = ${group}`;
  return checkWords(rows, GROUP_WORDS)[0] ?? null;
}

/** How many groups have which verdict, whatever verdict and cause are asked for, and how many of them are asked for. */
export async function countGroups(
  prisma: PrismaClient,
  filter: GroupFilter,
): Promise<{ verdict: Verdict; groups: number; asked: number }[]> {
  const rows = await prisma.$queryRaw<{ verdict: Verdict; groups: number; asked: number }[]>`
    SELECT g.verdict, count(*)::int AS groups, (count(*) FILTER (WHERE ${evaluatedAs(filter)}))::int AS asked
    ${FROM}
    WHERE ${where(filter)}
    GROUP BY g.verdict`;
  return checkWords(rows, { verdict: "consumer_groups.verdict" });
}

export function readTopicsOfGroups(
  prisma: PrismaClient,
  groupIds: readonly number[],
): Promise<{ groupId: number; topic: string }[]> {
  return prisma.$queryRaw`
    SELECT DISTINCT p.group_id AS "groupId", d.name AS topic
    FROM group_partitions p
    JOIN destinations d ON d.id = p.destination_id
    WHERE p.group_id = ANY(${[...groupIds]}::int[])
    ORDER BY 2
    LIMIT 5000`;
}

const MINUTE_MS = 60_000;
const BUCKET_MS = 10_000;

/**
 * Lag per minute of several groups: the last figure of each minute, over all their topics. Rows lie in the order of
 * time, each on a page of its own, so of minutes that are over only the last two buckets are looked at; the inspector
 * writes every one.
 */
export function readLagSparks(
  prisma: PrismaClient,
  groupIds: readonly number[],
  from: Date,
  to: Date,
): Promise<{ groupId: number; at: Date; lag: number }[]> {
  const buckets: Date[] = [];
  for (let minute = from.getTime(); minute <= to.getTime(); minute += MINUTE_MS) {
    const over = minute + MINUTE_MS <= to.getTime();
    for (
      let at = over ? minute + 4 * BUCKET_MS : minute;
      at < Math.min(minute + MINUTE_MS, to.getTime());
      at += BUCKET_MS
    )
      buckets.push(new Date(at));
  }
  return prisma.$queryRaw`
    SELECT "groupId", at, sum(lag)::float8 AS lag
    FROM (
      SELECT DISTINCT ON (group_id, destination_id, date_trunc('minute', bucket)) group_id AS "groupId",
        date_trunc('minute', bucket) AS at, lag_messages AS lag
      FROM consume_rollups
      WHERE group_id = ANY(${[...groupIds]}::int[])
        AND bucket = ANY(${buckets}::timestamptz[])
        AND lag_messages IS NOT NULL
      ORDER BY group_id, destination_id, date_trunc('minute', bucket), bucket DESC
    ) minutes
    GROUP BY "groupId", at`;
}
