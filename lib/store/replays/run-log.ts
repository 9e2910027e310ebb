/** What became of a run as a whole: who did what to it, and whether it was taken back. */
import { z } from "zod";
import type { ReplayView } from "#lib/contracts/replays.ts";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";
import { StoredPlan } from "./plan.ts";

/** Where the group stood before a reset, which is what undoes it; written before anything moves. */
export const FormerOffsets = z.object({
  former: z.array(z.object({ topic: z.string(), partition: z.number(), offset: z.string().nullable() })),
});
export type FormerOffsets = z.infer<typeof FormerOffsets>;

const MAX_LOG_ENTRIES = 100;

export async function readRunLog(
  prisma: PrismaClient,
  run: Prisma.ReplayRunGetPayload<object>,
): Promise<Pick<ReplayView, "undo" | "log">> {
  const [undone, log] = await Promise.all([
    prisma.replayRun.findFirst({
      where: { undoesRunId: run.id, status: { notIn: ["draft", "cancelled", "failed"] } },
      orderBy: { id: "desc" },
      select: { id: true },
    }),
    prisma.auditEntry.findMany({
      where: { target: `replay/${run.id}` },
      orderBy: { at: "asc" },
      take: MAX_LOG_ENTRIES,
    }),
  ]);
  return {
    undo: { possible: formerOffsetsOf(run) !== null, undoes: run.undoesRunId, undoneBy: undone?.id ?? null },
    log: log.map(({ at, actor, action, reason }) => ({
      at: at.toISOString(),
      actor,
      action: action.slice(action.lastIndexOf(".") + 1),
      reason,
    })),
  };
}

/** Null when nothing was moved, or it is not over. A reset that failed may have moved some of it. */
export function formerOffsetsOf(
  run: Pick<Prisma.ReplayRunGetPayload<object>, "kind" | "status" | "result" | "plan">,
): FormerOffsets["former"] | null {
  if (run.kind === "skip" && run.status === "completed") {
    const { preview } = StoredPlan.parse(run.plan);
    return preview.kind === "skip"
      ? [{ topic: preview.topic, partition: preview.partition, offset: preview.from }]
      : null;
  }
  if (run.kind !== "offset_reset" || (run.status !== "completed" && run.status !== "failed")) return null;
  const kept = FormerOffsets.safeParse(run.result);
  return kept.success ? kept.data.former : null;
}

/** The latest run after this one that has moved the same group on the partition; null: none. */
export async function readMovedSince(
  prisma: PrismaClient,
  run: Pick<Prisma.ReplayRunGetPayload<object>, "id" | "clusterId" | "groupName">,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): Promise<number | null> {
  const rows = await prisma.$queryRaw<{ id: number }[]>`
    SELECT r.id
    FROM replay_runs r
    WHERE r.id > ${run.id}
      AND r.cluster_id = ${run.clusterId}
      AND r.group_name = ${run.groupName}
      AND r.status = 'completed'
      AND (
        r.kind = 'skip'
        AND r.plan->'preview'->>'topic' = ${topic}
        AND (r.plan->'preview'->>'partition')::int = ${partition}
        OR r.kind = 'offset_reset'
          AND r.plan->'preview'->'partitions' @> ${JSON.stringify([{ topic, partition }])}::jsonb
      )
    ORDER BY r.id DESC
    LIMIT 1`;
  return rows[0]?.id ?? null;
}
