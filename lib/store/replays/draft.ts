/** What people choose of a draft's items before it runs. */
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { leftOut, summaryOf, type Choice, type LeftOutReason, type PlannedItem } from "#lib/domain/replay/choice.ts";
import { ITEM_REASON_TEXT } from "#lib/domain/replay/item-reason.ts";
import { writeAudit, type Actor } from "../audit.ts";
import { StoredPlan } from "./plan.ts";
import { changeRun, type RunChange } from "./run-change.ts";

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
