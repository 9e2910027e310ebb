/** What people choose of a draft's items before it runs. */
import { ReplayItemEdit } from "#lib/contracts/replay-input.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { leftOut, summaryOf, type Choice, type LeftOutReason, type PlannedItem } from "#lib/domain/replay/choice.ts";
import { ITEM_REASON_TEXT } from "#lib/domain/replay/item-reason.ts";
import { writeAudit, type Actor } from "../audit.ts";
import { changeRun, type RunChange } from "./replays-change.ts";
import { StoredPlan } from "./plan.ts";

/** Chooses anew which items are sent; the plan's counts follow. Only a draft can be changed. */
export async function chooseItems(
  prisma: Parameters<typeof changeRun>[0],
  id: number,
  actor: Actor,
  choose: (now: Choice) => Choice,
): Promise<RunChange> {
  return changeRun(prisma, id, async (transaction, run) => {
    if (run.status !== "draft" || run.kind !== "redrive")
      return { changed: false, because: "not_draft", status: run.status };
    const { plan } = await transaction.replayRun.findUniqueOrThrow({ where: { id }, select: { plan: true } });
    const { preview } = StoredPlan.parse(plan);
    if (preview.kind !== "redrive") return { changed: false, because: "not_draft", status: run.status };
    const rows = await transaction.replayItem.findMany({
      where: { runId: id },
      orderBy: { seq: "asc" },
      select: { seq: true, targetTopic: true, targetPartition: true, key: true, newerPosition: true },
    });
    const items = rows.map(({ newerPosition, ...item }): PlannedItem => ({ ...item, isStale: newerPosition !== null }));
    const choice = choose({ stale: preview.stale.choice, excluded: preview.excludedByHand });
    const out = leftOut(items, choice);
    await transaction.$executeRaw`
      UPDATE replay_items i
      SET status = CASE WHEN chosen.reason IS NULL THEN 'pending' ELSE 'skipped' END, reason = chosen.reason
      FROM unnest(
        ${items.map(({ seq }) => seq)}::int[], ${items.map(({ seq }) => out.get(seq) ?? null)}::text[]
      ) AS chosen(seq, reason)
      WHERE i.run_id = ${id} AND i.seq = chosen.seq AND i.reason IS DISTINCT FROM chosen.reason`;
    const next = { ...preview, ...chosen(preview, items, choice, out) } satisfies RedrivePreview;
    await transaction.$executeRaw`
      UPDATE replay_runs
      SET plan = jsonb_set(plan, '{preview}', ${JSON.stringify(next)}::jsonb)
      WHERE id = ${id}`;
    await writeAudit(transaction, actor, {
      action: "replay.redrive.choose",
      target: `replay/${id}`,
      reason: null,
      detail: { stale: choice.stale, leftOut: out.size },
    });
    return { changed: true };
  });
}

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

/** The parts of a preview that follow from a choice. */
function chosen(
  preview: RedrivePreview,
  items: readonly PlannedItem[],
  choice: Choice,
  out: ReadonlyMap<number, LeftOutReason>,
): Partial<RedrivePreview> {
  const summary = summaryOf(items.filter(({ seq }) => !out.has(seq)));
  const reasons = Map.groupBy(out.values(), (reason) => reason);
  return {
    items: summary.items,
    leftOut: [...reasons].map(([reason, all]) => ({ reason: ITEM_REASON_TEXT[reason], items: all.length })),
    targets: preview.targets.map((target) => ({ ...target, items: summary.byTopic.get(target.topic) ?? 0 })),
    partitions: [...summary.partitions],
    keys: [...summary.keys],
    stale: { ...preview.stale, choice: choice.stale },
    excludedByHand: [...choice.excluded],
  };
}
