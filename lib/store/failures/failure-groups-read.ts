/** Dead letters and error events, grouped by fingerprint. */
import type { PrismaClient } from "../db/database.ts";
import { whereAged, whereFailures, type FailureFilter } from "./failure-filter.ts";
import { membersOf } from "./triage-read.ts";
import { stepOf, type Span } from "../flow/series-read.ts";
import { Prisma } from "../prisma/generated/client.ts";

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

/** A deploy is noticed when most members are replaced; its first member may fail before that. */
const DEPLOY_DELAY = Prisma.sql`interval '2 minutes'`;
const MEMBERS = membersOf(Prisma.sql`grouped.fingerprint`);
/** When the last deploy of its group was, if the failure came with it; else null. */
const NEW_SINCE = Prisma.sql`
  (
    SELECT CASE
      WHEN grouped."firstAt" >= deployed.at THEN CASE
        WHEN NOT EXISTS (
            SELECT 1
            FROM failures o
            WHERE o.fingerprint = ANY(${MEMBERS}) AND o.failed_at < deployed.at
          )
          AND NOT EXISTS (
            SELECT 1
            FROM aged_failures o
            WHERE o.fingerprint = ANY(${MEMBERS}) AND o.first_at < deployed.at
          ) THEN deployed.at + ${DEPLOY_DELAY}
      END
    END
    FROM (
      SELECT max(y.at) - ${DEPLOY_DELAY} AS at
      FROM deploys y
      WHERE y.cluster_id = ANY(grouped.clusters) AND y.group_name = ANY(grouped.groups)
    ) deployed
  )`;

/** Counts by all properties first: few combinations remain, so the lists of names are built from few rows. */
function groupsWhere(live: Prisma.Sql, aged: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    WITH deploys AS MATERIALIZED (
      SELECT g.cluster_id, g.name AS group_name, max(m.at) AS at
      FROM group_events m
      JOIN consumer_groups g ON g.id = m.group_id
      WHERE m.kind = 'deploy'
      GROUP BY 1, 2
    ),
    counted AS MATERIALIZED (
      SELECT f.fingerprint, f.cluster_id, f.group_name, f.original_destination, f.destination_id, f.type_id,
        f.service_id, count(*) AS events, count(*) FILTER (WHERE f.status = 'open') AS open,
        count(*) FILTER (WHERE f.status = 'replaying') AS replaying, min(f.failed_at) AS first_at,
        max(f.failed_at) AS last_at
      FROM failures f
      WHERE ${live}
      GROUP BY 1, 2, 3, 4, 5, 6, 7
    ),
    live AS (
      SELECT coalesce(own.merged_into, f.fingerprint) AS fingerprint, sum(f.events)::int AS events,
        sum(f.open)::int AS open, sum(f.replaying)::int AS replaying, min(f.first_at) AS first_at,
        max(f.last_at) AS last_at, array_agg(DISTINCT f.cluster_id) AS clusters,
        array_agg(DISTINCT f.group_name) AS groups,
        array_agg(DISTINCT coalesce(f.original_destination, d.name)) AS topics,
        array_agg(DISTINCT t.name) AS types, array_agg(DISTINCT s.name) AS services,
        array_agg(DISTINCT nullif(t.schema_version, '')) AS versions
      FROM counted f
      JOIN destinations d ON d.id = f.destination_id
      LEFT JOIN event_types t ON t.id = f.type_id
      LEFT JOIN services s ON s.id = f.service_id
      LEFT JOIN failure_triages own ON own.fingerprint = f.fingerprint
      GROUP BY 1
    ),
    passed AS MATERIALIZED (
      SELECT coalesce(own.merged_into, a.fingerprint) AS head, a.*
      FROM aged_failures a
      LEFT JOIN failure_triages own ON own.fingerprint = a.fingerprint
      WHERE ${aged}
    ),
    old AS (
      SELECT p.head AS fingerprint, sum(p.events)::int AS events, sum(p.open)::int AS open,
        min(p.first_at) AS first_at, max(p.last_at) AS last_at
      FROM passed p
      GROUP BY 1
    ),
    grouped AS (
      SELECT fingerprint, coalesce(live.events, 0) + coalesce(old.events, 0) AS events,
        coalesce(live.open, 0) + coalesce(old.open, 0) AS open, coalesce(live.replaying, 0) AS replaying,
        coalesce(old.events, 0) AS aged, coalesce(old.open, 0) AS "agedOpen",
        least(live.first_at, old.first_at) AS "firstAt", greatest(live.last_at, old.last_at) AS "lastAt",
        live.clusters, live.groups, live.topics, live.types, live.services, live.versions
      FROM live
      FULL JOIN old USING (fingerprint)
    )`;
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

/**
 * The group that alone reads the topic all these dead letters came from; null: several topics or groups, or not known.
 */
export async function readOnlyReader(prisma: PrismaClient, head: string): Promise<string | null> {
  const rows = await prisma.$queryRaw<{ reader: string }[]>`
    WITH origins AS (
      SELECT DISTINCT f.original_destination_id AS id
      FROM failures f
      WHERE f.fingerprint = ANY(${membersOf(Prisma.sql`${head}::text`)})
    )
    SELECT DISTINCT g.name AS reader
    FROM origins o
    JOIN group_partitions gp ON gp.destination_id = o.id
    JOIN consumer_groups g ON g.id = gp.group_id
    WHERE g.gone_at IS NULL AND (SELECT count(*) FROM origins) = 1
    LIMIT 2`;
  return rows.length === 1 ? (rows[0]?.reader ?? null) : null;
}

/** Of what the fingerprints are shown as. */
export function readFailureSeries(
  prisma: PrismaClient,
  heads: readonly string[],
  { from, to, stepSeconds }: Span,
): Promise<{ fingerprint: string; at: Date; events: number }[]> {
  return prisma.$queryRaw`
    WITH members AS (
      SELECT h.head, h.head AS fingerprint
      FROM unnest(${[...heads]}::text[]) AS h(head)
      UNION ALL
      SELECT c.merged_into, c.fingerprint
      FROM failure_triages c
      WHERE c.merged_into = ANY(${[...heads]}::text[])
    )
    SELECT m.head AS fingerprint, ${stepOf(Prisma.sql`f.failed_at`, stepSeconds)} AS at,
      count(*)::int AS events
    FROM members m
    JOIN failures f ON f.fingerprint = m.fingerprint
    WHERE f.failed_at >= ${from} AND f.failed_at < ${to}
    GROUP BY 1, 2`;
}
