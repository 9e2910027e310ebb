/** What a replay is planned from, and the draft that comes of it. */
import { z } from "zod";
import { ReplayPlanInput } from "#lib/contracts/replay-input.ts";
import { OffsetResetPreview, RedrivePreview, SkipPreview } from "#lib/contracts/replay-preview.ts";
import type { ItemReason } from "#lib/domain/replay/item-reason.ts";
import type { RedriveItem } from "#lib/domain/replay/redrive.ts";
import type { RetryTopic } from "#lib/domain/replay/one-group.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { itemOfSkip } from "./skip.ts";

/**
 * The `plan` of a run: what was asked, what the preview found, what sets the run apart from any other at the same
 * broker, and until when it waits for its group to be empty.
 */
export const StoredPlan = z.object({
  token: z.string(),
  input: ReplayPlanInput,
  preview: z.discriminatedUnion("kind", [OffsetResetPreview, RedrivePreview, SkipPreview]),
  waitUntil: z.iso.datetime().optional(),
});
export type StoredPlan = z.infer<typeof StoredPlan>;

const ROWS_PER_INSERT = 2000;

/** A failure that an item of a run not yet ended has in hand. `besides` leaves one run out. */
export function inHandOf(failureId: Prisma.Sql, besides: number | null = null): Prisma.Sql {
  return Prisma.sql`
    EXISTS (
      SELECT 1
      FROM replay_items other
      JOIN replay_runs holder ON holder.id = other.run_id
      WHERE other.failure_id = ${failureId}
        AND other.status IN ('pending', 'sending', 'sent')
        AND holder.status IN ('queued', 'running', 'paused')
        AND holder.id IS DISTINCT FROM ${besides}
    )`;
}

/** Partitions of each topic that is there, by `cluster/topic`; internal topics are nobody's target. */
export async function readPartitionCounts(
  prisma: PrismaClient,
  topics: readonly string[],
): Promise<Map<string, number>> {
  const rows = await prisma.destination.findMany({
    where: { name: { in: [...new Set(topics)] }, goneAt: null, role: { not: "internal" } },
    include: { cluster: true },
  });
  return new Map(rows.map((row) => [`${row.cluster.name}/${row.name}`, row.partitionCount]));
}

/** Every topic whose records wait to be tried again, with who reads it. */
export async function readRetryTopics(prisma: PrismaClient): Promise<(RetryTopic & { readonly cluster: string })[]> {
  return prisma.$queryRaw<(RetryTopic & { readonly cluster: string })[]>`
    SELECT c.name AS cluster, d.name AS topic, source.name AS source,
      COALESCE(array_agg(DISTINCT g.name) FILTER (WHERE g.name IS NOT NULL), '{}') AS readers
    FROM destinations d
    JOIN clusters c ON c.id = d.cluster_id
    LEFT JOIN destinations source ON source.id = d.source_id
    LEFT JOIN group_partitions gp ON gp.destination_id = d.id
    LEFT JOIN consumer_groups g ON g.id = gp.group_id AND g.gone_at IS NULL
    WHERE d.role = 'retry' AND d.gone_at IS NULL
    GROUP BY 1, 2, 3
    LIMIT 5000`;
}

/** Every group that reads one of these topics, and what is wrong with it. */
export async function readReceivers(
  prisma: PrismaClient,
  cluster: string,
  topics: readonly string[],
): Promise<{ topic: string; group: string; trouble: string | null }[]> {
  return prisma.$queryRaw<{ topic: string; group: string; trouble: string | null }[]>`
    SELECT DISTINCT d.name AS topic, g.name AS "group",
      CASE WHEN g.cause IS NOT NULL THEN g.reason END AS trouble
    FROM destinations d
    JOIN clusters c ON c.id = d.cluster_id
    JOIN group_partitions gp ON gp.destination_id = d.id
    JOIN consumer_groups g ON g.id = gp.group_id
    WHERE c.name = ${cluster} AND d.name = ANY(${[...topics]}) AND g.gone_at IS NULL
    ORDER BY 1, 2
    LIMIT 1000`;
}

export async function createDraft(
  prisma: PrismaClient,
  draft: {
    readonly cluster: string;
    readonly group: string | null;
    readonly createdBy: string;
    readonly undoesRunId: number | null;
    readonly plan: StoredPlan;
    readonly items: readonly RedriveItem[];
    readonly newerThan: ReadonlyMap<number, bigint>;
    /** why an item is not sent as it is planned, by its index */
    readonly leftOut: ReadonlyMap<number, ItemReason>;
  },
): Promise<number | null> {
  const cluster = await prisma.cluster.findUnique({ where: { name: draft.cluster } });
  if (cluster === null) return null;
  return prisma.$transaction(
    async (transaction) => {
      const run = await transaction.replayRun.create({
        data: {
          kind: draft.plan.preview.kind,
          clusterId: cluster.id,
          groupName: draft.group,
          plan: draft.plan,
          createdBy: draft.createdBy,
          undoesRunId: draft.undoesRunId,
          reason: "",
        },
      });
      for (let from = 0; from < draft.items.length; from += ROWS_PER_INSERT) {
        await transaction.replayItem.createMany({
          data: draft.items.slice(from, from + ROWS_PER_INSERT).map(({ event, targetTopic, targetPartition }, i) => ({
            runId: run.id,
            seq: from + i,
            failureId: event.failureId,
            sourceTopic: event.sourceTopic,
            sourcePartition: event.sourcePartition,
            sourceOffset: event.sourceOffset,
            targetTopic,
            targetPartition,
            key: event.key,
            publishedAt: new Date(event.publishedAtMs),
            seenAt: new Date(event.seenAtMs),
            seenBytes: event.seenBytes,
            newerPosition: draft.newerThan.get(from + i) ?? null,
            status: draft.leftOut.has(from + i) ? "skipped" : "pending",
            reason: draft.leftOut.get(from + i) ?? null,
          })),
        });
      }
      if (draft.plan.preview.kind === "skip")
        await transaction.replayItem.create({ data: itemOfSkip(run.id, draft.plan.preview) });
      return run.id;
    },
    { timeout: 30_000 },
  );
}
