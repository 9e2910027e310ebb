/** Cancelling, pausing and resuming a run, each with its audit entry. */
import { writeAudit, type Actor } from "../audit.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { type RunChange, changeRun } from "./run-change.ts";

/**
 * Stops a run before its next batch; what is under way is finished first. Items not sent are left out by whoever
 * carries the run, or here when nobody does yet.
 */
export async function cancelRun(
  prisma: PrismaClient,
  id: number,
  actor: Actor,
  reason: string | null,
): Promise<RunChange> {
  return changeRun(prisma, id, async (transaction, run) => {
    if (!["draft", "queued", "running", "paused"].includes(run.status))
      return { changed: false, because: "ended", status: run.status };
    // A reset under way is one request to the broker: there is no moment to stop it at. While it waits nothing is
    // noted of it yet.
    const waiting = run.kind !== "redrive" && run.result === null;
    if (run.kind !== "redrive" && run.status === "running" && !waiting)
      return { changed: false, because: "ended", status: run.status };
    const begun = run.status === "running" && !waiting;
    if (!begun)
      await transaction.replayItem.updateMany({
        where: { runId: id, status: "pending" },
        data: { status: "skipped", reason: "cancelled" },
      });
    await transaction.replayRun.update({
      where: { id },
      data: { status: "cancelled", hold: Prisma.DbNull, error: null, ...(!begun && { finishedAt: new Date() }) },
    });
    await writeAudit(transaction, actor, {
      action: `replay.${run.kind}.cancel`,
      target: `replay/${id}`,
      reason,
      detail: { group: run.groupName, was: run.status },
    });
    return { changed: true };
  });
}

/** Nothing more is sent after the batch under way, until it is resumed. */
export async function pauseRun(
  prisma: PrismaClient,
  id: number,
  actor: Actor,
  reason: string | null,
): Promise<RunChange> {
  return changeRun(prisma, id, async (transaction, run) => {
    if (run.kind !== "redrive" || !["queued", "running"].includes(run.status))
      return { changed: false, because: "not_running", status: run.status };
    await transaction.$executeRaw`
      UPDATE replay_runs
      SET status = 'paused', hold = NULL, error = NULL, result = COALESCE(result, '{}') || '{"pausedBy": "person"}'
      WHERE id = ${id}`;
    await writeAudit(transaction, actor, {
      action: "replay.redrive.pause",
      target: `replay/${id}`,
      reason,
      detail: { group: run.groupName },
    });
    return { changed: true };
  });
}

/** Paused → queued. What a guard stopped it for is overruled; from now on the guards watch what comes. */
export async function resumeRun(
  prisma: PrismaClient,
  id: number,
  actor: Actor,
  reason: string | null,
): Promise<RunChange> {
  return changeRun(prisma, id, async (transaction, run) => {
    if (run.status !== "paused") return { changed: false, because: "not_paused", status: run.status };
    await transaction.$executeRaw`
      UPDATE replay_runs
      SET status = 'queued',
        hold = NULL,
        error = NULL,
        result = (COALESCE(result, '{}') - 'pausedBy') || CASE
          WHEN result->>'pausedBy' = 'guard'
            THEN jsonb_build_object('canarySettled', true, 'guardedSince', ${new Date().toISOString()}::text)
          ELSE '{}'
        END
      WHERE id = ${id}`;
    await writeAudit(transaction, actor, {
      action: "replay.redrive.resume",
      target: `replay/${id}`,
      reason,
      detail: { group: run.groupName },
    });
    return { changed: true };
  });
}
