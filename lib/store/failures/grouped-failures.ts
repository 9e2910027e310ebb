/** The statement that groups dead letters, stored and aged, by the fingerprint they are shown under. */
import { membersOf } from "./triage-read.ts";
import { Prisma } from "../prisma/generated/client.ts";

export const MEMBERS = membersOf(Prisma.sql`grouped.fingerprint`);

/** Counts by all properties first: few combinations remain, so the lists of names are built from few rows. */
export function groupsWhere(live: Prisma.Sql, aged: Prisma.Sql): Prisma.Sql {
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
      SELECT coalesce(own.merged_into, f.fingerprint) AS fingerprint, sum(f.events)::float8 AS events,
        sum(f.open)::float8 AS open, sum(f.replaying)::float8 AS replaying, min(f.first_at) AS first_at,
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
      SELECT p.head AS fingerprint, sum(p.events)::float8 AS events, sum(p.open)::float8 AS open,
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
