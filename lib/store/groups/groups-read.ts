/** Consumer groups as lists show them, with their last evaluation, worst first. */
import type { GroupsQuery } from "#lib/contracts/groups.ts";
import type { Cause } from "#lib/domain/health/cause.ts";
import type { ReasonKind } from "#lib/domain/health/reason.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import type { GroupFigures } from "#lib/telemetry/group-figures.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
import { Prisma } from "../prisma/generated/client.ts";
import { afterGroup, evaluatedAs, whereGroups, type GroupFilter, type GroupListCursor } from "./groups-filter.ts";

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

export async function readGroups(
  prisma: PrismaClient,
  filter: GroupFilter,
  sort: GroupsQuery["sort"],
  limit: number,
  last: GroupListCursor | null,
): Promise<GroupColumns[]> {
  const fromLast = last === null ? Prisma.sql`true` : afterGroup(sort, last);
  const rows = await prisma.$queryRaw<GroupColumns[]>`
    SELECT ${COLUMNS}
    ${FROM}
    WHERE ${whereGroups(filter)} AND ${evaluatedAs(filter)} AND ${fromLast}
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
    WHERE ${whereGroups(filter)}
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
