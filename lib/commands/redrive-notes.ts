/** What a person should know before events are sent again. */
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import type { RedrivePlan } from "#lib/domain/replay/redrive.ts";
import { receiversLine } from "#lib/domain/replay/second-time.ts";
import { SKIP_REASONS } from "#lib/domain/replay/skip-reasons.ts";

/** Remarks in the command line on what it sends, for the person who copies it. */
export function notesOf(
  targets: RedrivePreview["targets"],
  namedTargets: RedrivePreview["namedTargets"],
  schemas: NonNullable<RedrivePreview["checks"]>["schemas"],
): string[] {
  const lines = [
    ...namedTargets.map(
      ({ source, topic, items }) => `left out: ${items} of ${source} to ${topic}, which only these records name`,
    ),
    ...targets.map(({ topic, receivers }) => receiversLine(topic, receivers)),
  ];
  const [first] = schemas?.first ?? [];
  if (first === undefined) return lines;
  const example = `the first, item ${first.item}, by ${first.schema}: ${first.why}`;
  return [...lines, `${schemas?.differing} of the bodies do not match their schema; ${example}`];
}

/** What the plan leaves out, together with what could not be selected in the first place. */
export function excludedOf(
  plan: RedrivePlan,
  expired: number,
  offsetsNotRead: number,
): { reason: string; items: number }[] {
  const excluded = new Map(plan.excluded);
  if (expired > 0) excluded.set("expired", (excluded.get("expired") ?? 0) + expired);
  if (offsetsNotRead > 0) excluded.set("over_limit", (excluded.get("over_limit") ?? 0) + offsetsNotRead);
  return [...excluded].map(([reason, items]) => ({ reason: SKIP_REASONS[reason], items }));
}
