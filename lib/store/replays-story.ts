/** What became of a run as a whole: who did what to it, and whether it was taken back. */
import { z } from "zod";
import type { ReplayView } from "#lib/contracts/replays.ts";
import type { Prisma, PrismaClient } from "./prisma/generated/client.ts";

/** Where the group stood before a reset, which is what undoes it; written before anything moves. */
export const FormerOffsets = z.object({ former: z.array(z.object({ topic: z.string(), partition: z.number(), offset: z.string().nullable() })) });
export type FormerOffsets = z.infer<typeof FormerOffsets>;

const DEEDS_SHOWN = 100;

export async function readRunStory(prisma: PrismaClient, run: Prisma.ReplayRunGetPayload<object>): Promise<Pick<ReplayView, "undo" | "deeds">> {
  const [undone, deeds] = await Promise.all([
    prisma.replayRun.findFirst({ where: { undoesRunId: run.id, status: { notIn: ["draft", "cancelled", "failed"] } }, orderBy: { id: "desc" }, select: { id: true } }),
    prisma.auditEntry.findMany({ where: { target: `replay/${run.id}` }, orderBy: { at: "asc" }, take: DEEDS_SHOWN }),
  ]);
  return {
    undo: { possible: formerOffsetsOf(run) !== null, undoes: run.undoesRunId, undoneBy: undone?.id ?? null },
    deeds: deeds.map(({ at, actor, action, reason }) => ({ at: at.toISOString(), actor, deed: action.slice(action.lastIndexOf(".") + 1), reason })),
  };
}

/** Null when nothing was moved, or it is not over. One that failed may have moved some of it. */
export function formerOffsetsOf(run: Pick<Prisma.ReplayRunGetPayload<object>, "kind" | "status" | "result">): FormerOffsets["former"] | null {
  if (run.kind !== "offset_reset" || (run.status !== "completed" && run.status !== "failed")) return null;
  const kept = FormerOffsets.safeParse(run.result);
  return kept.success ? kept.data.former : null;
}
