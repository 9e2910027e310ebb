/**
 * Figures of consumer groups for machines: the worst first, as many as are asked for. From the last evaluation; no
 * broker is asked.
 */
import type { GroupFigures, GroupMetrics, PartitionFigures, TopicFigures } from "#lib/telemetry/group-figures.ts";
import type { PrismaClient } from "../db/database.ts";
import { GROUP_FIGURES, WORST_FIRST } from "./groups-read.ts";

export interface FigureBounds {
  readonly groups: number;
  readonly topics: number;
  readonly partitions: number;
}

export async function readGroupFigures(prisma: PrismaClient, most: FigureBounds): Promise<GroupMetrics> {
  const [rows, counts] = await Promise.all([
    prisma.$queryRaw<(GroupFigures & { id: number })[]>`
      SELECT ${GROUP_FIGURES}
      FROM consumer_groups g
      JOIN clusters c ON c.id = g.cluster_id
      WHERE g.gone_at IS NULL
      ORDER BY ${WORST_FIRST}
      LIMIT ${most.groups}`,
    prisma.$queryRaw<GroupMetrics["counts"]>`
      SELECT c.name AS cluster, g.verdict, count(*)::int AS groups
      FROM consumer_groups g
      JOIN clusters c ON c.id = g.cluster_id
      WHERE g.gone_at IS NULL
      GROUP BY 1, 2
      ORDER BY 1, 2`,
  ]);
  const ids = rows.map(({ id }) => id);
  const nameOf = new Map(rows.map(({ id, cluster, group }) => [id, { cluster, group }]));
  // Whole groups in their order, so that a bound cuts off the least of them and not some partitions of the worst.
  const [topics, partitions, [size]] = await Promise.all([
    prisma.$queryRaw<(Omit<TopicFigures, "cluster" | "group"> & { groupId: number })[]>`
      SELECT w.id AS "groupId", d.name AS topic, t.lag AS "lagMessages", t.committed AS "committedSum",
        t.time_lag AS "timeLagMs"
      FROM unnest(${ids}::int[]) WITH ORDINALITY AS w(id, ordinal)
      CROSS JOIN LATERAL (
        SELECT destination_id, coalesce(sum(lag_messages), 0)::bigint AS lag,
          coalesce(sum(committed_offset), 0)::bigint AS committed, max(time_lag_ms) AS time_lag
        FROM group_partitions
        WHERE group_id = w.id
        GROUP BY destination_id
      ) t
      JOIN destinations d ON d.id = t.destination_id
      ORDER BY w.ordinal, d.name
      LIMIT ${most.topics}`,
    prisma.$queryRaw<(Omit<PartitionFigures, "cluster" | "group"> & { groupId: number })[]>`
      SELECT w.id AS "groupId", d.name AS topic, p.partition, p.committed_offset AS "committedOffset",
        p.lag_messages AS "lagMessages"
      FROM unnest(${ids}::int[]) WITH ORDINALITY AS w(id, ordinal)
      JOIN group_partitions p ON p.group_id = w.id
      JOIN destinations d ON d.id = p.destination_id
      ORDER BY w.ordinal, p.destination_id, p.partition
      LIMIT ${most.partitions}`,
    prisma.$queryRaw<{ topics: number; partitions: number }[]>`
      SELECT count(*)::int AS topics, coalesce(sum(partitions), 0)::int AS partitions
      FROM (
        SELECT count(*) AS partitions
        FROM group_partitions p
        JOIN consumer_groups g ON g.id = p.group_id AND g.gone_at IS NULL
        GROUP BY p.group_id, p.destination_id
      ) read`,
  ]);
  const named = <T extends { groupId: number }>({ groupId, ...rest }: T) => ({
    ...rest,
    cluster: nameOf.get(groupId)?.cluster ?? "",
    group: nameOf.get(groupId)?.group ?? "",
  });
  const all = counts.reduce((sum, { groups }) => sum + groups, 0);
  return {
    groups: rows,
    topics: topics.map(named),
    partitions: partitions.map(named),
    counts,
    dropped: {
      groups: all - rows.length,
      topics: (size?.topics ?? 0) - topics.length,
      partitions: (size?.partitions ?? 0) - partitions.length,
    },
  };
}
