/** Alerts, silences and the outbox as pages show them. */
import type { DeliveryStatus } from "#lib/domain/alert/deliveries.ts";
import type { AlertDetail, AlertMessage, MessageKind } from "#lib/domain/alert/message.ts";
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

export interface SilenceColumns {
  readonly id: number;
  readonly rule: string;
  readonly cluster: string;
  readonly group: string;
  readonly until: Date;
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Those that hold, soonest over first, then a few that are over. */
export async function readSilenceRows(prisma: PrismaClient, now: Date, limit: number): Promise<SilenceColumns[]> {
  const holding = await prisma.alertSilence.findMany({
    where: { endedAt: null, until: { gt: now } },
    orderBy: { until: "asc" },
    take: limit,
  });
  const over = await prisma.alertSilence.findMany({
    where: { OR: [{ endedAt: { not: null } }, { until: { lte: now } }] },
    orderBy: { id: "desc" },
    take: 5,
  });
  return [...holding, ...over];
}

export interface DeliveryColumns {
  readonly id: bigint;
  readonly channel: string;
  readonly kind: MessageKind;
  readonly dedupKey: string;
  readonly alerts: number;
  readonly message: AlertMessage;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAt: Date;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
}

// A message may spell out twenty alerts; the log needs none of them.
const DELIVERY = Prisma.sql`
  d.id, d.channel, d.kind, d.dedup_key AS "dedupKey", cardinality(d.alert_ids) AS alerts,
  d.message - 'alerts' AS message, d.status, d.attempts, d.next_at AS "nextAt", d.last_error AS "lastError",
  d.created_at AS "createdAt", d.sent_at AS "sentAt"`;

const DELIVERY_WORDS = { kind: "alert_deliveries.kind", status: "alert_deliveries.status" } as const;

export async function readDeliveries(
  prisma: PrismaClient,
  filter: {
    readonly channel?: string | undefined;
    readonly status?: string | undefined;
    readonly beforeId: bigint | null;
    readonly limit: number;
  },
): Promise<DeliveryColumns[]> {
  const { channel, status, beforeId, limit } = filter;
  const rows = await prisma.$queryRaw<DeliveryColumns[]>`
    SELECT ${DELIVERY}
    FROM alert_deliveries d
    WHERE true
    ${channel === undefined ? Prisma.empty : Prisma.sql`AND d.channel = ${channel}`}
    ${status === undefined ? Prisma.empty : Prisma.sql`AND d.status = ${status}`}
    ${beforeId === null ? Prisma.empty : Prisma.sql`AND d.id < ${beforeId}`}
    ORDER BY d.id DESC
    LIMIT ${limit}`;
  return checkWords(rows, DELIVERY_WORDS);
}

export async function readDelivery(prisma: PrismaClient, id: bigint): Promise<DeliveryColumns | null> {
  const rows = await prisma.$queryRaw<DeliveryColumns[]>`
    SELECT ${DELIVERY} FROM alert_deliveries d WHERE d.id = ${id}`;
  return checkWords(rows, DELIVERY_WORDS)[0] ?? null;
}

/** The latest message of each channel that was tried or still waits, and how many wait. */
export async function readChannels(
  prisma: PrismaClient,
  names: readonly string[],
): Promise<{ last: DeliveryColumns[]; waiting: { channel: string; waiting: number }[] }> {
  const wanted = Prisma.sql`${[...names]}::text[]`;
  const [last, waiting] = await Promise.all([
    prisma.$queryRaw<DeliveryColumns[]>`
      SELECT l.*
      FROM unnest(${wanted}) AS w(name)
      CROSS JOIN LATERAL (
        SELECT ${DELIVERY}
        FROM alert_deliveries d
        WHERE d.channel = w.name AND d.status <> 'silenced'
        ORDER BY d.created_at DESC, d.id DESC
        LIMIT 1
      ) l`,
    prisma.$queryRaw<{ channel: string; waiting: number }[]>`
      SELECT channel, count(*)::int AS waiting
      FROM alert_deliveries
      WHERE status = 'pending' AND channel = ANY(${wanted})
      GROUP BY channel`,
  ]);
  return { last: checkWords(last, DELIVERY_WORDS), waiting };
}
