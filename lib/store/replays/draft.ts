/** What people choose of a draft's items before it runs. */
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import type { PlannedItem } from "#lib/domain/replay/choice.ts";
import { writeAudit, type Actor } from "../audit.ts";
import { withChoice } from "./chosen-preview.ts";
import { StoredPlan } from "./plan.ts";
import { changeRun, type RunChange } from "./run-change.ts";

/** Chooses anew which items are sent; the plan's counts follow. Only a draft can be changed. */
export async function chooseItems(
  prisma: Parameters<typeof changeRun>[0],
  id: number,
  actor: Actor,
  choose: (now: RedrivePreview) => RedrivePreview,
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
      select: {
        seq: true,
        sourceTopic: true,
        targetTopic: true,
        targetPartition: true,
        key: true,
        newerPosition: true,
      },
    });
    const items = rows.map(({ newerPosition, ...item }): PlannedItem => ({ ...item, isStale: newerPosition !== null }));
    const { preview: next, out } = withChoice(choose(preview), items);
    await transaction.$executeRaw`
      UPDATE replay_items i
      SET status = CASE WHEN chosen.reason IS NULL THEN 'pending' ELSE 'skipped' END, reason = chosen.reason
      FROM unnest(
        ${items.map(({ seq }) => seq)}::int[], ${items.map(({ seq }) => out.get(seq) ?? null)}::text[]
      ) AS chosen(seq, reason)
      WHERE i.run_id = ${id} AND i.seq = chosen.seq AND i.reason IS DISTINCT FROM chosen.reason`;
    await transaction.$executeRaw`
      UPDATE replay_runs
      SET plan = jsonb_set(plan, '{preview}', ${JSON.stringify(next)}::jsonb), revision = revision + 1
      WHERE id = ${id}`;
    await writeAudit(transaction, actor, {
      action: "replay.redrive.choose",
      target: `replay/${id}`,
      reason: null,
      detail: {
        stale: next.stale.choice,
        leftOut: out.size,
        confirmed: next.namedTargets
          .filter(({ confirmed }) => confirmed)
          .map(({ source, topic }) => ({ source, topic })),
      },
    });
    return { changed: true };
  });
}
