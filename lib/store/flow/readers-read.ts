/**
 * Consumer groups now, and the topics that each of them reads. There may be tens of thousands of both. Each list comes
 * as one JSON text, because Prisma needs longer to convert that many rows than Postgres to find them.
 */
import type { ConsumeFact, GroupFact } from "#lib/domain/flow/rows.ts";
import { VERDICTS } from "#lib/domain/health/verdict.ts";
import type { PrismaClient } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";
import { sketches, sketchesOf, type Sketches } from "./sketches.ts";
import { Prisma } from "../prisma/generated/client.ts";

export const RANKS: string[] = [...VERDICTS];

type GroupTuple = [
  id: number,
  cluster: string,
  group: string,
  service: string | null,
  serviceKnownBy: string | null,
  verdict: string,
  reason: string | null,
  members: number,
  lagMessages: string,
  timeLagMs: number | null,
];
type ReaderTuple = [groupId: number, destinationId: number, verdict: string | null];
type RouteTuple = [groupId: number, destinationId: number, only: boolean];
type MovedTuple = [groupId: number, destinationId: number, events: number, errors: number, latency: string[] | null];

/**
 * Every topic that a group has committed to is an edge, also without events, and every route to a group. A group with
 * neither is not in the graph.
 */
export async function readReadersNow(
  prisma: PrismaClient,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<{ groups: GroupFact[]; consumes: ConsumeFact<Sketches>[] }> {
  const [topics, groups, readers, routes, moved] = await Promise.all([
    prisma.$queryRaw<{ id: number; cluster: string; topic: string; gone: boolean }[]>`
      SELECT d.id, c.name AS cluster, d.name AS topic, d.gone_at IS NOT NULL AS gone
      FROM destinations d
      JOIN clusters c ON c.id = d.cluster_id
      WHERE d.tapped AND d.role <> 'internal'`,
    tuples<GroupTuple>(
      prisma,
      Prisma.sql`
        SELECT json_build_array(
          g.id, c.name, g.name, s.name, g.service_known_by, g.verdict, g.reason, g.member_count,
          g.lag_messages::text, g.time_lag_ms
        ) AS row
        FROM consumer_groups g
        JOIN clusters c ON c.id = g.cluster_id
        LEFT JOIN services s ON s.id = g.service_id
        WHERE g.gone_at IS NULL`,
    ),
    tuples<ReaderTuple>(
      prisma,
      Prisma.sql`
        SELECT json_build_array(
          group_id, destination_id, (${RANKS}::text[])[max(array_position(${RANKS}::text[], verdict))]
        ) AS row
        FROM group_partitions
        GROUP BY group_id, destination_id`,
    ),
    tuples<RouteTuple>(
      prisma,
      Prisma.sql`
        SELECT json_build_array(group_id, destination_id, count(*) OVER (PARTITION BY group_id) = 1) AS row
        FROM destination_routes
        WHERE gone_at IS NULL`,
    ),
    prisma.$transaction(async (transaction) => {
      // The rows of one minute lie together on disk. The planner does not know that of an index of several columns, and
      // would read the whole table.
      await transaction.$executeRaw`SET LOCAL enable_seqscan = off`;
      return tuples<MovedTuple>(
        transaction,
        Prisma.sql`
          SELECT json_build_array(group_id, destination_id, sum(consumed), sum(errors), ${sketches()}) AS row
          FROM consume_rollups
          WHERE bucket >= ${from} AND bucket < ${to}
          GROUP BY group_id, destination_id
          HAVING sum(consumed) <> 0 OR sum(errors) <> 0 OR count(latency) > 0`,
      );
    }),
  ]);
  const topicOf = new Map(topics.map((topic) => [topic.id, topic]));
  const groupOf = new Map(groups.map(([id, ...row]) => [id, groupFact(row)]));
  const movedOf = new Map<number, Map<number, MovedTuple>>();
  for (const row of moved) movedOf.set(row[0], (movedOf.get(row[0]) ?? new Map<number, MovedTuple>()).set(row[1], row));
  const shown = new Set<GroupFact>();
  const consumes: ConsumeFact<Sketches>[] = [];
  for (const [groupId, destinationId, verdict] of readers) {
    const [topic, group] = [topicOf.get(destinationId), groupOf.get(groupId)];
    if (topic === undefined || group === undefined) continue;
    shown.add(group);
    if (topic.gone) continue;
    const [, , events = 0, errors = 0, texts = null] = movedOf.get(groupId)?.get(destinationId) ?? [];
    consumes.push({
      cluster: topic.cluster,
      topic: topic.topic,
      group: group.group,
      events,
      errors,
      verdict: wordOf("group_partitions.verdict", verdict),
      latency: sketchesOf(texts),
    });
  }
  for (const [groupId, destinationId, isOnly] of routes) {
    const [topic, group] = [topicOf.get(destinationId), groupOf.get(groupId)];
    if (topic === undefined || group === undefined) continue;
    shown.add(group);
    if (topic.gone) continue;
    // The broker counts what leaves the queue, and not by which way it came.
    const ofQueue = isOnly ? [...(movedOf.get(groupId)?.values() ?? [])] : [];
    consumes.push({
      cluster: topic.cluster,
      topic: topic.topic,
      group: group.group,
      events: ofQueue.reduce((sum, [, , events]) => sum + events, 0),
      errors: 0,
      isCounted: isOnly,
      verdict: null,
      latency: null,
    });
  }
  return { groups: [...shown], consumes };
}

async function tuples<T>(prisma: Prisma.TransactionClient, rows: Prisma.Sql): Promise<T[]> {
  const [all] = await prisma.$queryRaw<{ rows: T[] | null }[]>`SELECT json_agg(row) AS rows FROM (${rows}) all_rows`;
  return all?.rows ?? [];
}

function groupFact([
  cluster,
  group,
  service,
  serviceKnownBy,
  verdict,
  reason,
  members,
  lagMessages,
  timeLagMs,
]: GroupTuple extends [number, ...infer R] ? R : never): GroupFact {
  return {
    cluster,
    group,
    service,
    serviceKnownBy: wordOf("consumer_groups.service_known_by", serviceKnownBy),
    verdict: wordOf("consumer_groups.verdict", verdict),
    reason,
    members,
    lagMessages: BigInt(lagMessages),
    timeLagMs,
  };
}
