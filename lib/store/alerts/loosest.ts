/** The loosest limits of all alert rules. */
import type { AlertRule } from "#lib/domain/alert/rule.ts";

/** The loosest limit of all rules: groups that meet none of them are not read. */
export interface Loosest {
  readonly verdicts: readonly string[];
  readonly causes: readonly string[];
  readonly timeLagMs: number | null;
  readonly lagMessages: number | null;
  readonly dataLossSeconds: number | null;
  readonly deadLetters: number | null;
}

export function loosest(rules: readonly AlertRule[]): Loosest {
  const of = <K extends AlertRule["when"]["kind"]>(kind: K) =>
    rules.flatMap(({ when }) => (when.kind === kind ? [when as Extract<AlertRule["when"], { kind: K }>] : []));
  const least = (values: readonly number[]) => (values.length === 0 ? null : Math.min(...values));
  const most = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values));
  return {
    verdicts: [...new Set(of("verdict").flatMap((when) => when.verdicts))],
    causes: [...new Set(of("cause").flatMap((when) => when.causes))],
    timeLagMs: least(of("timeLagAbove").map((when) => when.ms)),
    lagMessages: least(of("lagAbove").map((when) => when.messages)),
    dataLossSeconds: most(of("dataLossWithin").map((when) => when.ms / 1000)),
    deadLetters: least(of("deadLettersPerMinuteAbove").map((when) => when.events)),
  };
}
