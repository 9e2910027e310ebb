/** The rows of one window that become the flow graph. */
import type { CauseFact, ConsumeFact, FlowRows, GroupFact, PublishFact, TopicFact } from "#lib/domain/flow/rows.ts";
import type { PrismaClient } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";
import { RANKS, readReadersNow } from "./readers-read.ts";
import { sketches, sketchesOf, type Sketches } from "./sketches.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface FlowWindow {
  /** publishes counted from here to there */
  readonly publishes: { readonly from: Date; readonly to: Date };
  /** what groups consumed and what it caused is known a little later */
  readonly consumes: { readonly from: Date; readonly to: Date };
  /** edges used since then stay in the graph, with no events */
  readonly knownFrom: Date;
  /** the status of groups: as it is now, or as last stored in the window */
  readonly live: boolean;
}

export async function readFlowRows(prisma: PrismaClient, window: FlowWindow): Promise<FlowRows<Sketches>> {
  const [topics, readers, publishes, causes] = await Promise.all([
    topicFacts(prisma, window),
    window.live ? readReadersNow(prisma, window.consumes) : readersAt(prisma, window),
    publishFacts(prisma, window),
    causeFacts(prisma, window),
  ]);
  return { topics, ...readers, publishes, causes };
}

async function readersAt(
  prisma: PrismaClient,
  window: FlowWindow,
): Promise<Pick<FlowRows<Sketches>, "groups" | "consumes">> {
  const [groups, consumes] = await Promise.all([groupsAt(prisma, window), consumesAt(prisma, window)]);
  return { groups, consumes };
}

async function topicFacts(prisma: PrismaClient, { publishes }: FlowWindow): Promise<TopicFact[]> {
  const rows = await prisma.$queryRaw<{ cluster: string; topic: string; role: string; partitions: number }[]>`
    SELECT c.name AS cluster, d.name AS topic, d.role, d.partition_count AS partitions
    FROM destinations d
    JOIN clusters c ON c.id = d.cluster_id
    WHERE d.tapped
      AND d.role <> 'internal'
      AND d.first_seen_at < ${publishes.to}
      AND (d.gone_at IS NULL OR d.gone_at > ${publishes.from})`;
  return rows.map((row) => ({ ...row, role: wordOf("destinations.role", row.role) }));
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
    JOIN destinations d ON d.id = last.destination_id AND d.tapped AND d.role <> 'internal'
    LEFT JOIN services s ON s.id = g.service_id
    GROUP BY c.name, g.name, s.name, g.service_known_by`;
  return rows.map(groupFact);
}

async function publishFacts(
  prisma: PrismaClient,
  { publishes: { from, to }, knownFrom }: FlowWindow,
): Promise<PublishFact<Sketches>[]> {
  const rows = await prisma.$queryRaw<
    {
      cluster: string;
      topic: string;
      service: string | null;
      type: string | null;
      schemaVersion: string;
      events: bigint;
      errors: bigint;
      latency: string[] | null;
    }[]
  >`
    WITH sums AS (
      SELECT destination_id, service_id, type_id,
        coalesce(sum(events) FILTER (WHERE bucket >= ${from}), 0)::bigint AS events,
        coalesce(sum(errors) FILTER (WHERE bucket >= ${from}), 0)::bigint AS errors,
        ${sketches(Prisma.sql`bucket >= ${from}`)} AS latency
      FROM publish_rollups
      WHERE bucket >= ${knownFrom} AND bucket < ${to}
      GROUP BY destination_id, service_id, type_id
    )
    SELECT c.name AS cluster, d.name AS topic, s.name AS service, t.name AS type,
      coalesce(t.schema_version, '') AS "schemaVersion", sums.events, sums.errors, sums.latency
    FROM sums
    JOIN destinations d ON d.id = sums.destination_id AND d.tapped AND d.role <> 'internal'
    JOIN clusters c ON c.id = d.cluster_id
    LEFT JOIN services s ON s.id = sums.service_id
    LEFT JOIN event_types t ON t.id = sums.type_id`;
  return rows.map((row) => ({
    ...row,
    events: Number(row.events),
    errors: Number(row.errors),
    latency: sketchesOf(row.latency),
  }));
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

async function causeFacts(
  prisma: PrismaClient,
  { consumes: { from, to } }: FlowWindow,
): Promise<CauseFact<Sketches>[]> {
  const rows = await prisma.$queryRaw<
    {
      fromCluster: string;
      fromTopic: string;
      toCluster: string;
      toTopic: string;
      group: string | null;
      fromType: string | null;
      toType: string | null;
      toSchemaVersion: string;
      knownBy: string;
      events: bigint;
      errors: bigint;
      confidenceMilli: bigint;
      sampledShare: number;
      latency: string[] | null;
    }[]
  >`
    WITH sums AS (
      SELECT from_destination_id, from_type_id, group_id, to_destination_id, to_type_id, known_by,
        sum(events)::bigint AS events, sum(errors)::bigint AS errors,
        sum(confidence_milli)::bigint AS confidence_milli, min(sampled_share) AS sampled_share,
        ${sketches()} AS latency
      FROM cause_rollups
      WHERE bucket >= ${from} AND bucket < ${to}
      GROUP BY from_destination_id, from_type_id, group_id, to_destination_id, to_type_id, known_by
    )
    SELECT fc.name AS "fromCluster", fd.name AS "fromTopic", tc.name AS "toCluster", td.name AS "toTopic",
      g.name AS "group", ft.name AS "fromType", tt.name AS "toType",
      coalesce(tt.schema_version, '') AS "toSchemaVersion", sums.known_by AS "knownBy", sums.events,
      sums.errors, sums.confidence_milli AS "confidenceMilli", sums.sampled_share AS "sampledShare",
      sums.latency
    FROM sums
    JOIN destinations fd ON fd.id = sums.from_destination_id AND fd.tapped
    JOIN clusters fc ON fc.id = fd.cluster_id
    JOIN destinations td ON td.id = sums.to_destination_id AND td.tapped
    JOIN clusters tc ON tc.id = td.cluster_id
    LEFT JOIN consumer_groups g ON g.id = sums.group_id
    LEFT JOIN event_types ft ON ft.id = sums.from_type_id
    LEFT JOIN event_types tt ON tt.id = sums.to_type_id`;
  return rows.map(({ fromCluster, fromTopic, toCluster, toTopic, knownBy, confidenceMilli, ...row }) => ({
    ...row,
    from: { cluster: fromCluster, topic: fromTopic },
    to: { cluster: toCluster, topic: toTopic },
    knownBy: wordOf("cause_rollups.known_by", knownBy),
    events: Number(row.events),
    errors: Number(row.errors),
    confidenceSum: Number(confidenceMilli) / 1000,
    latency: sketchesOf(row.latency),
  }));
}
