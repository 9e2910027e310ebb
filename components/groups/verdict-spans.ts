import type { Verdict } from "#lib/contracts/common.ts";
import type { GroupView } from "#lib/contracts/groups.ts";

interface VerdictSpan {
  readonly verdict: Verdict;
  readonly fromMs: number;
  toMs: number;
}
/** Equal verdicts in a row are one span. */
export function verdictSpans(view: GroupView): readonly VerdictSpan[] {
  const spans: VerdictSpan[] = [];
  for (const step of view.series) {
    if (step.verdict === null) continue;
    const at = Date.parse(step.at);
    const last = spans.at(-1);
    if (last?.verdict === step.verdict) last.toMs = at + view.stepSeconds * 1000;
    else spans.push({ verdict: step.verdict, fromMs: at, toMs: at + view.stepSeconds * 1000 });
  }
  return spans;
}
