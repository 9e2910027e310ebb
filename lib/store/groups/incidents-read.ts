/** Incidents of groups and their changes, as pages show them. */
import type { IncidentsQuery } from "#lib/contracts/incidents.ts";
import type { Cause } from "#lib/domain/health/cause.ts";
import type { IncidentChangeKind } from "#lib/domain/health/incident.ts";
import type { ReasonKind } from "#lib/domain/health/reason.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface IncidentColumns {
  readonly id: number;
  readonly groupId: number;
  readonly cluster: string;
  readonly group: string;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly verdict: Verdict;
  readonly cause: Cause | null;
  readonly severity: number;
  readonly reason: string | null;
  readonly peakLagMessages: bigint;
  readonly peakTimeLagMs: bigint | null;
}

const COLUMNS = Prisma.sql`
  i.id, i.group_id AS "groupId", c.name AS cluster, g.name AS "group", i.opened_at AS "openedAt",
  i.closed_at AS "closedAt", i.verdict, i.cause, i.severity, i.reason,
  i.peak_lag_messages AS "peakLagMessages", i.peak_time_lag_ms AS "peakTimeLagMs"`;
const INCIDENT_WORDS = { verdict: "incidents.verdict", cause: "incidents.cause" } as const;
const FROM = Prisma.sql`
  FROM incidents i
  JOIN consumer_groups g ON g.id = i.group_id
  JOIN clusters c ON c.id = i.cluster_id`;

/** The latest first; `before` is the last one shown. */
export async function readIncidents(
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
  const rows = await prisma.$queryRaw<IncidentColumns[]>`
    SELECT ${COLUMNS}
    ${FROM}
    WHERE ${Prisma.join(parts, " AND ")}
    ORDER BY i.opened_at DESC, i.id DESC
    LIMIT ${limit}`;
  return checkWords(rows, INCIDENT_WORDS);
}

export async function readIncident(prisma: PrismaClient, id: number): Promise<IncidentColumns | null> {
  const rows = await prisma.$queryRaw<IncidentColumns[]>`SELECT ${COLUMNS} ${FROM} WHERE i.id = ${id}`;
  return checkWords(rows, INCIDENT_WORDS)[0] ?? null;
}

/** Those of a group that were open at some time before `to`, the latest first. */
export async function readGroupIncidents(
  prisma: PrismaClient,
  groupId: number,
  to: Date,
  limit: number,
): Promise<IncidentColumns[]> {
  const rows = await prisma.$queryRaw<IncidentColumns[]>`
    SELECT ${COLUMNS}
    ${FROM}
    WHERE i.group_id = ${groupId} AND i.opened_at <= ${to}
    ORDER BY i.opened_at DESC, i.id DESC
    LIMIT ${limit}`;
  return checkWords(rows, INCIDENT_WORDS);
}

export interface ChangeColumns {
  readonly incidentId: number;
  readonly at: Date;
  readonly kind: IncidentChangeKind;
  readonly verdict: Verdict;
  readonly cause: Cause | null;
  readonly reason: string | null;
  readonly reasonKind: ReasonKind | null;
  /** a ReportedFinding as it was stored */
  readonly detail: unknown;
}

const CHANGES_SHOWN = 200;

/** What was found of each incident, oldest first; of one that changed without end, the first and the latest. */
export async function readIncidentChanges(
  prisma: PrismaClient,
  incidentIds: readonly number[],
): Promise<ChangeColumns[]> {
  const rows = await prisma.$queryRaw<ChangeColumns[]>`
    SELECT "incidentId", at, kind, verdict, cause, reason, "reasonKind", detail
    FROM (
      SELECT incident_id AS "incidentId", id, at, kind, verdict, cause, reason, reason_kind AS "reasonKind", detail,
        row_number() OVER (PARTITION BY incident_id ORDER BY at DESC, id DESC) AS newest
      FROM incident_changes
      WHERE incident_id = ANY(${[...incidentIds]}::int[])
    ) changes
    WHERE newest <= ${CHANGES_SHOWN} OR kind = 'opened'
    ORDER BY "incidentId", at, id`;
  return checkWords(rows, {
    kind: "incident_changes.kind",
    verdict: "incident_changes.verdict",
    cause: "incident_changes.cause",
    reasonKind: "incident_changes.reason_kind",
  });
}
