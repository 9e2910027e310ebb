/** Incidents of groups, and what happened to the groups meanwhile. */
import type { IncidentsQuery } from "#lib/contracts/groups.ts";
import type { PrismaClient } from "../db/database.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface IncidentColumns {
  readonly id: number;
  readonly groupId: number;
  readonly cluster: string;
  readonly group: string;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly verdict: string;
  readonly cause: string | null;
  readonly severity: number;
  readonly reason: string | null;
  readonly peakLagMessages: bigint;
  readonly peakTimeLagMs: bigint | null;
}

const COLUMNS = Prisma.sql`
  i.id, i.group_id AS "groupId", c.name AS cluster, g.name AS "group", i.opened_at AS "openedAt",
  i.closed_at AS "closedAt", i.verdict, i.cause, i.severity, i.reason,
  i.peak_lag_messages AS "peakLagMessages", i.peak_time_lag_ms AS "peakTimeLagMs"`;
const FROM = Prisma.sql`
  FROM incidents i
  JOIN consumer_groups g ON g.id = i.group_id
  JOIN clusters c ON c.id = i.cluster_id`;

/** The latest first; `before` is the last one shown. */
export function readIncidents(
  prisma: PrismaClient,
  { cluster, group, cause, open }: IncidentsQuery,
  before: { readonly openedAt: Date; readonly id: number } | null,
  limit: number,
): Promise<IncidentColumns[]> {
  const parts = [Prisma.sql`true`];
  if (cluster !== undefined) parts.push(Prisma.sql`c.name = ${cluster}`);
  if (group !== undefined) parts.push(Prisma.sql`g.name = ${group}`);
  if (cause !== undefined) parts.push(Prisma.sql`i.cause = ${cause}`);
  if (open !== undefined)
    parts.push(open === "yes" ? Prisma.sql`i.closed_at IS NULL` : Prisma.sql`i.closed_at IS NOT NULL`);
  if (before !== null) parts.push(Prisma.sql`(i.opened_at, i.id) < (${before.openedAt}, ${before.id})`);
  return prisma.$queryRaw`
    SELECT ${COLUMNS}
    ${FROM}
    WHERE ${Prisma.join(parts, " AND ")}
    ORDER BY i.opened_at DESC, i.id DESC
    LIMIT ${limit}`;
}

export async function readIncident(prisma: PrismaClient, id: number): Promise<IncidentColumns | null> {
  const [row] = await prisma.$queryRaw<IncidentColumns[]>`SELECT ${COLUMNS} ${FROM} WHERE i.id = ${id}`;
  return row ?? null;
}

/** Those of a group that were open at some time before `to`, the latest first. */
export function readGroupIncidents(
  prisma: PrismaClient,
  groupId: number,
  to: Date,
  limit: number,
): Promise<IncidentColumns[]> {
  return prisma.$queryRaw`
    SELECT ${COLUMNS}
    ${FROM}
    WHERE i.group_id = ${groupId} AND i.opened_at <= ${to}
    ORDER BY i.opened_at DESC, i.id DESC
    LIMIT ${limit}`;
}

export interface ChangeColumns {
  readonly incidentId: number;
  readonly at: Date;
  readonly kind: string;
  readonly verdict: string;
  readonly cause: string | null;
  readonly reason: string | null;
  /** a Finding, as the inspector wrote it */
  readonly detail: unknown;
}

const CHANGES_SHOWN = 200;

/** What was found of each incident, oldest first; of one that changed without end, the first and the latest. */
export function readIncidentChanges(prisma: PrismaClient, incidentIds: readonly number[]): Promise<ChangeColumns[]> {
  return prisma.$queryRaw`
    SELECT "incidentId", at, kind, verdict, cause, reason, detail
    FROM (
      SELECT incident_id AS "incidentId", id, at, kind, verdict, cause, reason, detail,
        row_number() OVER (PARTITION BY incident_id ORDER BY at DESC, id DESC) AS newest
      FROM incident_changes
      WHERE incident_id = ANY(${[...incidentIds]}::int[])
    ) told
    WHERE newest <= ${CHANGES_SHOWN} OR kind = 'opened'
    ORDER BY "incidentId", at, id`;
}

export interface GroupEventColumns {
  readonly at: Date;
  readonly kind: string;
  readonly detail: unknown;
}

/** What happened to a group in a span, oldest first; the latest when there is more than can be shown. */
export async function readGroupEvents(
  prisma: PrismaClient,
  groupId: number,
  from: Date,
  to: Date,
  limit: number,
): Promise<GroupEventColumns[]> {
  const rows = await prisma.groupEvent.findMany({
    where: { groupId, at: { gte: from, lte: to } },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: limit,
    select: { at: true, kind: true, detail: true },
  });
  return rows.reverse();
}

/** The last one of a kind at or before a moment. */
export function readLastGroupEvent(
  prisma: PrismaClient,
  groupId: number,
  kind: string,
  at: Date,
): Promise<GroupEventColumns | null> {
  return prisma.groupEvent.findFirst({
    where: { groupId, kind, at: { lte: at } },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    select: { at: true, kind: true, detail: true },
  });
}
