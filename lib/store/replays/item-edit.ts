/** Editing what an item of a draft is sent with. */
import { ReplayItemEdit } from "#lib/contracts/replay-draft.ts";
import { writeAudit, type Actor } from "../audit.ts";
import { StoredPlan } from "./plan.ts";
import { changeRun, type RunChange } from "./run-change.ts";

export interface ItemToEdit {
  readonly edit: ReplayItemEdit | null;
  readonly cluster: string;
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  readonly targetTopic: string;
}

/** Null: there is no such item. */
export async function readItemToEdit(
  prisma: Parameters<typeof changeRun>[0],
  runId: number,
  seq: number,
): Promise<ItemToEdit | null> {
  const item = await prisma.replayItem.findUnique({
    where: { runId_seq: { runId, seq } },
    select: {
      edit: true,
      sourceTopic: true,
      sourcePartition: true,
      sourceOffset: true,
      targetTopic: true,
      run: { select: { clusterId: true } },
    },
  });
  if (item === null) return null;
  const { edit, run, ...source } = item;
  const { name } = await prisma.cluster.findUniqueOrThrow({ where: { id: run.clusterId }, select: { name: true } });
  return { edit: ReplayItemEdit.nullable().parse(edit), cluster: name, ...source };
}

/** The largest record that an item's target takes, as the plan has found it; null: not known. */
export async function readLimitOfItem(
  prisma: Parameters<typeof changeRun>[0],
  runId: number,
  seq: number,
): Promise<{ readonly topic: string; readonly maxBytes: number } | null> {
  const item = await prisma.replayItem.findUnique({
    where: { runId_seq: { runId, seq } },
    select: { targetTopic: true, run: { select: { plan: true } } },
  });
  if (item === null) return null;
  const { preview } = StoredPlan.parse(item.run.plan);
  const maxBytes =
    preview.kind === "redrive" ? preview.checks?.size.find(({ topic }) => topic === item.targetTopic)?.maxBytes : null;
  return maxBytes === null || maxBytes === undefined ? null : { topic: item.targetTopic, maxBytes };
}

/**
 * What an item of a draft is sent with; the dead letter itself stays as it is. `reason`: what was overruled by it,
 * for the audit log.
 */
export async function editItem(
  prisma: Parameters<typeof changeRun>[0],
  id: number,
  seq: number,
  actor: Actor,
  edit: ReplayItemEdit | null,
  reason: string | null,
): Promise<RunChange> {
  return changeRun(prisma, id, async (transaction, run) => {
    if (run.status !== "draft" || run.kind !== "redrive")
      return { changed: false, because: "not_draft", status: run.status };
    const changed = await transaction.$executeRaw`
      UPDATE replay_items
      SET edit = ${edit === null ? null : JSON.stringify(edit)}::jsonb
      WHERE run_id = ${id} AND seq = ${seq}`;
    if (changed === 0) return { changed: false, because: "not_found" };
    await transaction.replayRun.update({ where: { id }, data: { revision: { increment: 1 } } });
    await writeAudit(transaction, actor, {
      action: "replay.redrive.edit",
      target: `replay/${id}`,
      reason,
      detail: {
        item: seq,
        undone: edit === null,
        body: edit?.body !== undefined,
        headers: (edit?.setHeaders.length ?? 0) + (edit?.removeHeaders.length ?? 0),
      },
    });
    return { changed: true };
  });
}
