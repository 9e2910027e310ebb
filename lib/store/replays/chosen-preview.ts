/** The parts of a redrive's preview that follow from what is chosen of its items. */
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { leftOut, summaryOf, type Choice, type LeftOutReason, type PlannedItem } from "#lib/domain/replay/choice.ts";
import { ITEM_REASON_TEXT } from "#lib/domain/replay/item-reason.ts";

const choiceOf = ({ stale, excludedByHand, namedTargets }: RedrivePreview): Choice => ({
  stale: stale.choice,
  excluded: excludedByHand,
  unconfirmed: namedTargets.filter(({ confirmed }) => !confirmed),
});

/** With why each item that is left out is, by its seq. */
export function withChoice(
  preview: RedrivePreview,
  items: readonly PlannedItem[],
): { readonly preview: RedrivePreview; readonly out: ReadonlyMap<number, LeftOutReason> } {
  const out = leftOut(items, choiceOf(preview));
  const summary = summaryOf(items.filter(({ seq }) => !out.has(seq)));
  const reasons = Map.groupBy(out.values(), (reason) => reason);
  return {
    out,
    preview: {
      ...preview,
      items: summary.items,
      leftOut: [...reasons].map(([reason, all]) => ({ reason: ITEM_REASON_TEXT[reason], items: all.length })),
      targets: preview.targets.map((target) => ({ ...target, items: summary.byTopic.get(target.topic) ?? 0 })),
      partitions: [...summary.partitions],
      keys: [...summary.keys],
    },
  };
}
