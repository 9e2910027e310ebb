/**
 * What people do to a run. Each change is one transaction with its audit entry, and changes of runs wait
 * for one another.
 */
import { writeAudit, type Actor } from "../audit.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { receiverWords } from "#lib/domain/replay/second-time.ts";
import { inHandOf, StoredPlan } from "./plan.ts";

const CHANGE_LOCK = 0x666c_7270; // "flrp"

export type RunChange =
  | { readonly changed: true }
  | {
      readonly changed: false;
      readonly because: "not_found" | "not_draft" | "not_running" | "not_paused" | "ended" | "nothing_left";
      readonly status?: string;
    };

/**
 * Draft → queued. Items whose facts have changed since the preview are left out; a run with none left stays a draft.
 */
export async function queueRun(
  prisma: PrismaClient,
  id: number,
  actor: Actor,
  reason: string,
  waitUntil: Date | null,
): Promise<RunChange> {
  return changeRun(prisma, id, async (transaction, run) => {
    if (run.status !== "draft") return { changed: false, because: "not_draft", status: run.status };
    if (run.kind === "redrive") {
      await transaction.$executeRaw`
        UPDATE replay_items i
        SET status = 'skipped', reason = changed.reason
        FROM (
          SELECT p.seq,
            CASE
              WHEN f.status <> 'open' THEN 'sent_by_another_run'
              WHEN po.log_start_offset > p.source_offset THEN 'expired_since_preview'
              WHEN ${inHandOf(Prisma.sql`f.id`, id)} THEN 'taken_by_another_run'
            END AS reason
          FROM replay_items p
          JOIN replay_runs r ON r.id = p.run_id
          LEFT JOIN failures f ON f.id = p.failure_id
          LEFT JOIN destinations d ON d.cluster_id = r.cluster_id AND d.name = p.source_topic
          LEFT JOIN partition_offsets po ON po.destination_id = d.id AND po.partition = p.source_partition
          WHERE p.run_id = ${id} AND p.status = 'pending'
        ) changed
        WHERE i.run_id = ${id} AND i.seq = changed.seq AND changed.reason IS NOT NULL`;
      if ((await transaction.replayItem.count({ where: { runId: id, status: "pending" } })) === 0)
        throw new NothingLeft();
    }
    await transaction.replayRun.update({ where: { id }, data: { status: "queued", reason } });
    if (waitUntil !== null)
      await transaction.$executeRaw`
        UPDATE replay_runs
        SET plan = plan || ${JSON.stringify({ waitUntil })}::jsonb
        WHERE id = ${id}`;
    await writeAudit(transaction, actor, {
      action: `replay.${run.kind}.run`,
      target: `replay/${id}`,
      reason,
      detail: {
        group: run.groupName,
        ...(run.kind === "redrive" && { receivers: await receiversOf(transaction, id) }),
      },
    });
    return { changed: true };
  });
}

const MOST_RECEIVERS = 100;

/** Who the plan said would get the events, and what was known of them when it was let run. */
async function receiversOf(transaction: Prisma.TransactionClient, id: number): Promise<string[]> {
  const { preview } = StoredPlan.parse(
    (await transaction.replayRun.findUniqueOrThrow({ where: { id }, select: { plan: true } })).plan,
  );
  if (preview.kind !== "redrive") return [];
  return preview.targets
    .flatMap(({ topic, receivers }) => receivers.map((receiver) => `${topic}: ${receiverWords(receiver)}`))
    .slice(0, MOST_RECEIVERS);
}

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

class NothingLeft extends Error {}

export async function changeRun(
  prisma: PrismaClient,
  id: number,
  change: (
    transaction: Prisma.TransactionClient,
    run: { status: string; kind: string; groupName: string | null; result: Prisma.JsonValue },
  ) => Promise<RunChange>,
): Promise<RunChange> {
  try {
    return await prisma.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${CHANGE_LOCK}::bigint)`;
        await transaction.$executeRaw`SELECT 1 FROM replay_runs WHERE id = ${id} FOR UPDATE`;
        const run = await transaction.replayRun.findUnique({
          where: { id },
          select: { status: true, kind: true, groupName: true, result: true },
        });
        if (run === null) return { changed: false, because: "not_found" } as const;
        const result = await change(transaction, run);
        await transaction.$executeRaw`SELECT pg_notify('flowtap', ${JSON.stringify({ kind: "replay", id })})`;
        return result;
      },
      { timeout: 30_000 },
    );
  } catch (error) {
    // Thrown to undo what the transaction has already written.
    if (error instanceof NothingLeft) return { changed: false, because: "nothing_left" };
    throw error;
  }
}
