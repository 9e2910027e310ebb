/** Decisions and notes about failures, with the figures that decide whether a decision still holds. */
import { MIN_COMPARISON_MS, type TriageStatus } from "#lib/domain/failure/triage.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
import { Prisma } from "../prisma/generated/client.ts";

/** People snooze by hand: more at once are not expected. */
const MOST_SNOOZED = 5000;
const NOTES_SHOWN = 100;
const MERGED_SHOWN = 100;

/** A fingerprint and those merged into it; the fingerprint itself comes first. */
export const membersOf = (head: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`ARRAY(SELECT ${head} UNION ALL SELECT fingerprint FROM failure_triages WHERE merged_into = ${head})`;

export interface TriageColumns {
  readonly fingerprint: string;
  readonly status: TriageStatus;
  readonly snoozedUntil: Date | null;
  readonly changedAt: Date;
  readonly changedBy: string;
  readonly eventsSince: number;
  readonly eventsBefore: number;
  readonly cameBackAt: Date | null;
}

/** The decisions that resolve or snooze: of these failures, or every snooze that is not over. */
export async function readTriages(
  prisma: PrismaClient,
  which: readonly string[] | "snoozed",
  now: Date,
): Promise<TriageColumns[]> {
  const chosen =
    which === "snoozed"
      ? Prisma.sql`c.status = 'snoozed' AND c.snoozed_until > ${now}`
      : Prisma.sql`c.fingerprint = ANY(${[...which]}::text[]) AND c.status <> 'open'`;
  const rows = await prisma.$queryRaw<TriageColumns[]>`
    SELECT c.fingerprint, c.status, c.snoozed_until AS "snoozedUntil", c.changed_at AS "changedAt",
      c.changed_by AS "changedBy", since.*
    FROM failure_triages c
    CROSS JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE f.failed_at > c.changed_at))::int AS "eventsSince",
        (count(*) FILTER (WHERE f.failed_at <= c.changed_at))::int AS "eventsBefore",
        min(f.failed_at) FILTER (WHERE f.failed_at > c.changed_at AND f.status <> 'resolved') AS "cameBackAt"
      FROM failures f
      WHERE f.fingerprint = ANY(${membersOf(Prisma.sql`c.fingerprint`)})
        AND f.failed_at > CASE
          WHEN c.status = 'snoozed'
            THEN c.changed_at - greatest(
              ${now} - c.changed_at, ${MIN_COMPARISON_MS}::float8 * interval '1 millisecond'
            )
          ELSE c.changed_at
        END
    ) since
    WHERE ${chosen} AND c.merged_into IS NULL
    LIMIT ${MOST_SNOOZED}`;
  return checkWords(rows, { status: "failure_triages.status" });
}

/** What a fingerprint is shown as: itself, unless somebody merged it into another. */
export async function readHead(prisma: PrismaClient, fingerprint: string): Promise<string> {
  const own = await prisma.failureTriage.findUnique({ where: { fingerprint }, select: { mergedInto: true } });
  return own?.mergedInto ?? fingerprint;
}

/** The fingerprints merged into this one, with what each was called. */
export function readMerged(
  prisma: PrismaClient,
  head: string,
): Promise<{ fingerprint: string; title: string | null }[]> {
  return prisma.$queryRaw`
    SELECT c.fingerprint, coalesce(latest.title, a.title) AS title
    FROM failure_triages c
    LEFT JOIN LATERAL (
      SELECT title
      FROM failures f
      WHERE f.fingerprint = c.fingerprint
      ORDER BY f.failed_at DESC
      LIMIT 1
    ) latest ON true
    LEFT JOIN aged_failures a ON a.fingerprint = c.fingerprint
    WHERE c.merged_into = ${head}
    ORDER BY c.fingerprint
    LIMIT ${MERGED_SHOWN}`;
}

/** The latest first; those of merged ones too. */
export function readNotes(
  prisma: PrismaClient,
  head: string,
): Promise<{ id: number; at: Date; by: string; text: string }[]> {
  return prisma.$queryRaw`
    SELECT id, at, by, text
    FROM failure_notes
    WHERE fingerprint = ANY(${membersOf(Prisma.sql`${head}::text`)})
    ORDER BY at DESC, id DESC
    LIMIT ${NOTES_SHOWN}`;
}
