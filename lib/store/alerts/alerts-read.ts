/** Alerts as pages show them. */
import type { AlertDetail } from "#lib/domain/alert/message.ts";
import type { Severity } from "#lib/domain/alert/rule.ts";
import type { AlertState } from "#lib/domain/alert/state.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface AlertColumns {
  readonly id: number;
  readonly rule: string;
  readonly cluster: string;
  readonly group: string;
  readonly state: AlertState;
  readonly severity: Severity;
  readonly pendingAt: Date;
  readonly firedAt: Date | null;
  readonly clearedAt: Date | null;
  readonly resolvedAt: Date | null;
  readonly detail: AlertDetail;
}

interface Subject {
  readonly cluster?: string | undefined;
  readonly group?: string | undefined;
}

const COLUMNS = Prisma.sql`
  a.id, a.rule, c.name AS cluster, a.subject AS "group", a.state, a.severity, a.pending_at AS "pendingAt",
  a.fired_at AS "firedAt", a.cleared_at AS "clearedAt", a.resolved_at AS "resolvedAt", a.detail`;
const ALERT_WORDS = { state: "alerts.state", severity: "alerts.severity" } as const;
const ofSubject = ({ cluster, group }: Subject): Prisma.Sql =>
  Prisma.sql`
    ${cluster === undefined ? Prisma.empty : Prisma.sql`AND c.name = ${cluster}`}
    ${group === undefined ? Prisma.empty : Prisma.sql`AND a.subject = ${group}`}`;
const WORST_FIRST = Prisma.sql`CASE a.severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END`;

/** Worst first, then the latest. */
export async function readOpenAlerts(
  prisma: PrismaClient,
  state: "pending" | "firing",
  subject: Subject,
  limit: number,
): Promise<AlertColumns[]> {
  const rows = await prisma.$queryRaw<AlertColumns[]>`
    SELECT ${COLUMNS}
    FROM alerts a
    JOIN clusters c ON c.id = a.cluster_id
    WHERE a.state = ${state}
    ${ofSubject(subject)}
    ORDER BY ${WORST_FIRST}, a.fired_at DESC NULLS LAST, a.id DESC
    LIMIT ${limit}`;
  return checkWords(rows, ALERT_WORDS);
}

export async function readPastAlerts(prisma: PrismaClient, subject: Subject, limit: number): Promise<AlertColumns[]> {
  const rows = await prisma.$queryRaw<AlertColumns[]>`
    SELECT ${COLUMNS}
    FROM alerts a
    JOIN clusters c ON c.id = a.cluster_id
    WHERE a.state = 'resolved' ${ofSubject(subject)}
    ORDER BY a.resolved_at DESC, a.id DESC
    LIMIT ${limit}`;
  return checkWords(rows, ALERT_WORDS);
}

/** How many alerts of each rule are open, and when it last fired. */
export function countByRule(
  prisma: PrismaClient,
  subject: Subject,
): Promise<{ rule: string; firing: number; pending: number; lastFiredAt: Date | null }[]> {
  return prisma.$queryRaw`
    SELECT a.rule, (count(*) FILTER (WHERE a.state = 'firing'))::int AS firing,
      (count(*) FILTER (WHERE a.state = 'pending'))::int AS pending, max(a.fired_at) AS "lastFiredAt"
    FROM alerts a
    JOIN clusters c ON c.id = a.cluster_id
    WHERE true ${ofSubject(subject)}
    GROUP BY a.rule`;
}

/** Every alert that fires, by the three names silences are about, with how many there are of each. */
export function readFiringNames(
  prisma: PrismaClient,
  subject: Subject,
): Promise<{ rule: string; cluster: string; group: string }[]> {
  return prisma.$queryRaw`
    SELECT a.rule, c.name AS cluster, a.subject AS "group"
    FROM alerts a
    JOIN clusters c ON c.id = a.cluster_id
    WHERE a.state = 'firing' ${ofSubject(subject)}
    LIMIT 20000`;
}
