/** Dead letters and error events, grouped by fingerprint. */
import type { PrismaClient } from "../db/database.ts";
import { whereAged, whereFailures, type FailureFilter } from "./failure-filter.ts";
import { membersOf } from "./triage-read.ts";
import { Prisma } from "../prisma/generated/client.ts";
import { MEMBERS, groupsWhere } from "./grouped-failures.ts";
import { NEW_SINCE } from "./new-since-deploy.ts";

export interface FailureGroupColumns {
  /** under which the dead letters are shown: their own, or the one it was merged into */
  readonly fingerprint: string;
  readonly title: string;
  readonly format: string;
  readonly rootCauseClass: string | null;
  readonly message: string | null;
  readonly events: number;
  readonly open: number;
  readonly replaying: number;
  /** how many events, and open events, are past retention: counted, but no longer readable */
  readonly aged: number;
  readonly agedOpen: number;
  readonly merged: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** the last deploy of its group, when no dead letter of it is older */
  readonly newSinceDeployAt: Date | null;
  readonly groups: string[];
  readonly topics: string[];
  readonly types: string[];
  readonly services: string[];
  readonly versions: string[];
}

/** Names from the dead letters that are stored and from those that are only counted. */
const names = (live: Prisma.Sql, aged: Prisma.Sql | null): Prisma.Sql =>
  aged === null
    ? Prisma.sql`ARRAY(SELECT unnest(${live}) EXCEPT SELECT NULL ORDER BY 1 LIMIT 50)`
    : Prisma.sql`
      ARRAY(
        SELECT n
        FROM (
          SELECT unnest(${live})
          UNION
          SELECT unnest(${aged})
          FROM passed p
          WHERE p.head = grouped.fingerprint
        ) AS all_names(n)
        WHERE n IS NOT NULL
        ORDER BY 1
        LIMIT 50
      )`;

/** A merged failure has the title of the one it was merged into. */
const SHOWN = Prisma.sql`
  grouped.fingerprint, grouped.events, grouped.open, grouped.replaying, grouped.aged, grouped."agedOpen",
  grouped."firstAt", grouped."lastAt", ${NEW_SINCE} AS "newSinceDeployAt",
  coalesce(latest.title, p.title, 'No reason given') AS title,
  coalesce(latest.format, p.format, '') AS format,
  coalesce(latest.cause, p.root_cause_class) AS "rootCauseClass",
  coalesce(latest.message, p.message) AS message, cardinality(${MEMBERS}) - 1 AS merged,
  ${names(Prisma.sql`grouped.groups`, Prisma.sql`p.groups`)} AS groups,
  ${names(Prisma.sql`grouped.topics`, Prisma.sql`p.topics`)} AS topics,
  ${names(Prisma.sql`grouped.types`, Prisma.sql`p.types`)} AS types,
  ${names(Prisma.sql`grouped.services`, null)} AS services, ${names(Prisma.sql`grouped.versions`, null)} AS versions`;
const LATEST = Prisma.sql`
  LEFT JOIN LATERAL (
    SELECT l.*
    FROM unnest(${MEMBERS}) WITH ORDINALITY AS m(fingerprint, ordinal)
    CROSS JOIN LATERAL (
      SELECT f.title, f.format, coalesce(f.root_cause_class, f.exception_class) AS cause, f.message
      FROM failures f
      WHERE f.fingerprint = m.fingerprint
      ORDER BY f.failed_at DESC
      LIMIT 1
    ) l
    ORDER BY m.ordinal
    LIMIT 1
  ) latest ON true
  LEFT JOIN aged_failures p ON p.fingerprint = grouped.fingerprint`;

function whereGrouped(filter: FailureFilter): Prisma.Sql {
  const unresolved = Prisma.sql`grouped.open + grouped.replaying > 0`;
  const snoozed = Prisma.sql`grouped.fingerprint = ANY(${[...filter.snoozed]}::text[])`;
  const parts = [Prisma.sql`true`];
  if (filter.state === "open") parts.push(unresolved, Prisma.sql`NOT ${snoozed}`);
  if (filter.state === "snoozed") parts.push(unresolved, snoozed);
  if (filter.state === "resolved") parts.push(Prisma.sql`NOT ${unresolved}`);
  if (filter.newSinceDeploy !== undefined) parts.push(Prisma.sql`${NEW_SINCE} IS NOT NULL`);
  return Prisma.join(parts, " AND ");
}

export async function readFailureGroups(
  prisma: PrismaClient,
  filter: FailureFilter,
  limit: number,
  offset: number,
): Promise<{ rows: FailureGroupColumns[]; total: number }> {
  const rows = await prisma.$queryRaw<(FailureGroupColumns & { total: number })[]>`
    ${groupsWhere(whereFailures(filter), whereAged(filter))},
    page AS (
      SELECT grouped.*, (count(*) OVER ())::int AS total
      FROM grouped
      WHERE ${whereGrouped(filter)}
      ORDER BY "lastAt" DESC, fingerprint
      LIMIT ${limit} OFFSET ${offset}
    )
    SELECT ${SHOWN}, grouped.total
    FROM page grouped
    ${LATEST}
    ORDER BY grouped."lastAt" DESC, grouped.fingerprint`;
  return { rows, total: rows[0]?.total ?? 0 };
}

/** By what it is shown as; everything merged into it counts. */
export async function readFailureGroup(prisma: PrismaClient, head: string): Promise<FailureGroupColumns | null> {
  const members = membersOf(Prisma.sql`${head}::text`);
  const [row] = await prisma.$queryRaw<FailureGroupColumns[]>`
    ${groupsWhere(Prisma.sql`f.fingerprint = ANY(${members})`, Prisma.sql`a.fingerprint = ANY(${members})`)}
    SELECT ${SHOWN}
    FROM grouped
    ${LATEST}`;
  return row ?? null;
}
