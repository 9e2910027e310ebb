/** Consumer groups of a past window, and what they consumed, from the rollups. */
import type { ConsumeFact, FlowRows, GroupFact } from "#lib/domain/flow/rows.ts";
import type { PrismaClient } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";
import { RANKS } from "./readers-read.ts";
import { sketches, sketchesOf, type Sketches } from "./sketches.ts";
import { Prisma } from "../prisma/generated/client.ts";
import type { FlowWindow } from "./flow-window.ts";

export async function readersAt(
  prisma: PrismaClient,
  window: FlowWindow,
): Promise<Pick<FlowRows<Sketches>, "groups" | "consumes">> {
  const [groups, consumes, routes] = await Promise.all([
    groupsAt(prisma, window),
    consumesAt(prisma, window),
    routesAt(prisma, window),
  ]);
  return { groups, consumes: [...consumes, ...routes] };
}

interface GroupColumns {
  cluster: string;
  group: string;
  service: string | null;
  serviceKnownBy: string | null;
  verdict: string;
  reason: string | null;
  members: number;
  lagMessages: bigint;
  timeLagMs: bigint | null;
}

const groupFact = (row: GroupColumns): GroupFact => ({
  ...row,
  serviceKnownBy: wordOf("consumer_groups.service_known_by", row.serviceKnownBy),
  verdict: wordOf("consume_rollups.verdict", row.verdict),
  timeLagMs: row.timeLagMs === null ? null : Number(row.timeLagMs),
});

async function groupsAt(prisma: PrismaClient, { knownFrom, publishes }: FlowWindow): Promise<GroupFact[]> {
  const rows = await prisma.$queryRaw<GroupColumns[]>`
    WITH last AS (
      SELECT DISTINCT ON (group_id, destination_id) *
      FROM consume_rollups
      WHERE bucket >= ${knownFrom} AND bucket < ${publishes.to}
      ORDER BY group_id, destination_id, bucket DESC
    )
    SELECT c.name AS cluster, g.name AS "group", s.name AS service, g.service_known_by AS "serviceKnownBy",
      coalesce((${RANKS}::text[])[max(array_position(${RANKS}::text[], last.verdict))], 'unknown') AS verdict,
      NULL AS reason, coalesce(max(last.member_count), 0)::int AS members,
      coalesce(sum(last.lag_messages), 0)::bigint AS "lagMessages", max(last.time_lag_ms) AS "timeLagMs"
    FROM last
    JOIN consumer_groups g ON g.id = last.group_id
    JOIN clusters c ON c.id = g.cluster_id
    JOIN destinations d ON d.id = last.destination_id AND (d.tapped OR g.protocol = 'queue') AND d.role <> 'internal'
    LEFT JOIN services s ON s.id = g.service_id
    GROUP BY c.name, g.name, s.name, g.service_known_by`;
  return rows.map(groupFact);
}

interface ConsumeColumns {
  cluster: string;
  topic: string;
  group: string;
  events: bigint;
  errors: bigint;
  verdict: string | null;
  latency: string[] | null;
}

const consumeFact = (row: ConsumeColumns): ConsumeFact<Sketches> => ({
  ...row,
  events: Number(row.events),
  errors: Number(row.errors),
  verdict: wordOf("consume_rollups.verdict", row.verdict),
  latency: sketchesOf(row.latency),
});

async function consumesAt(
  prisma: PrismaClient,
  { consumes: { from, to }, knownFrom }: FlowWindow,
): Promise<ConsumeFact<Sketches>[]> {
  const rows = await prisma.$queryRaw<ConsumeColumns[]>`
    WITH sums AS (
      SELECT group_id, destination_id,
        coalesce(sum(consumed) FILTER (WHERE bucket >= ${from}), 0)::bigint AS events,
        coalesce(sum(errors) FILTER (WHERE bucket >= ${from}), 0)::bigint AS errors,
        ${sketches(Prisma.sql`bucket >= ${from}`)} AS latency,
        (array_agg(verdict ORDER BY bucket DESC) FILTER (WHERE verdict IS NOT NULL))[1] AS verdict
      FROM consume_rollups
      WHERE bucket >= ${knownFrom} AND bucket < ${to}
      GROUP BY group_id, destination_id
    )
    SELECT c.name AS cluster, d.name AS topic, g.name AS "group", sums.events, sums.errors, sums.verdict,
      sums.latency
    FROM sums
    JOIN consumer_groups g ON g.id = group_id
    JOIN destinations d ON d.id = destination_id AND d.tapped AND d.role <> 'internal'
    JOIN clusters c ON c.id = d.cluster_id`;
  return rows.map(consumeFact);
}

/** The ways to queues that there were. Of a queue with several the broker does not tell which way its events came. */
async function routesAt(
  prisma: PrismaClient,
  { consumes: { from, to } }: FlowWindow,
): Promise<ConsumeFact<Sketches>[]> {
  const rows = await prisma.$queryRaw<
    { cluster: string; topic: string; group: string; events: bigint; isOnly: boolean }[]
  >`
    WITH routes AS (
      SELECT *, count(*) OVER (PARTITION BY group_id) = 1 AS is_only
      FROM destination_routes
      WHERE known_since < ${to} AND (gone_at IS NULL OR gone_at > ${from})
    )
    SELECT c.name AS cluster, d.name AS topic, g.name AS "group", r.is_only AS "isOnly",
      CASE WHEN r.is_only THEN (
        SELECT coalesce(sum(u.consumed), 0)::bigint
        FROM consume_rollups u
        WHERE u.group_id = r.group_id AND u.bucket >= ${from} AND u.bucket < ${to}
      ) ELSE 0 END AS events
    FROM routes r
    JOIN consumer_groups g ON g.id = r.group_id
    JOIN destinations d ON d.id = r.destination_id AND d.tapped AND d.role <> 'internal'
    JOIN clusters c ON c.id = d.cluster_id`;
  return rows.map(({ isOnly, events, ...row }) => ({
    ...row,
    events: Number(events),
    errors: 0,
    isCounted: isOnly,
    verdict: null,
    latency: null,
  }));
}
