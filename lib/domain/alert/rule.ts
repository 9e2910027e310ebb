import type { Cause, Finding } from "../lag/cause.ts";
import type { Verdict } from "../lag/verdict.ts";
import { topicMatches } from "../message/topic-glob.ts";

/** How much an alert matters, worst first. */
export const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What must be so for a rule to hold. */
export type Condition =
  | { readonly kind: "verdict"; readonly verdicts: readonly Verdict[] }
  | { readonly kind: "cause"; readonly causes: readonly Cause[] }
  | { readonly kind: "timeLagAbove"; readonly ms: number }
  | { readonly kind: "lagAbove"; readonly messages: number }
  | { readonly kind: "dataLossWithin"; readonly ms: number }
  | { readonly kind: "deadLettersPerMinuteAbove"; readonly events: number };

export interface AlertRule {
  readonly name: string;
  readonly severity: Severity;
  /** globs */
  readonly group: string;
  readonly cluster: string;
  readonly when: Condition;
  /** how long it must hold before it is said */
  readonly forMs: number;
  readonly channels: readonly string[];
}

/** A consumer group as rules see it. An empty group stands for dead letters that name none. */
export interface Standing {
  readonly clusterId: number;
  readonly cluster: string;
  readonly group: string;
  readonly verdict: Verdict;
  readonly finding: Finding | null;
  /** one sentence without a full stop */
  readonly reason: string | null;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
  readonly timeLagIsFloor: boolean;
  readonly inRate: number;
  readonly outRate: number;
  readonly members: number;
  readonly dataLossSeconds: number | null;
  readonly deadLettersPerMinute: number;
  /** of the incident that is open now */
  readonly incidentId: number | null;
  /** null: never looked at */
  readonly judgedAtMs: number | null;
}

/** A standing older than this says nothing of now: nothing fires by it and nothing resolves. */
const STALE_AFTER_MS = 90_000;

/** Whether the rule is about this group. */
export const covers = (rule: AlertRule, { cluster, group }: { readonly cluster: string; readonly group: string }): boolean => topicMatches(rule.group, group) && topicMatches(rule.cluster, cluster);

/** Whether the condition is met; null where the standing is too old to tell. Dead letters are counted apart from the standing. */
export function isMet(when: Condition, standing: Standing, nowMs: number): boolean | null {
  if (when.kind === "deadLettersPerMinuteAbove") return standing.deadLettersPerMinute > when.events;
  if (standing.judgedAtMs === null || nowMs - standing.judgedAtMs > STALE_AFTER_MS) return null;
  switch (when.kind) {
    case "verdict":
      return when.verdicts.includes(standing.verdict);
    case "cause":
      return standing.finding !== null && when.causes.includes(standing.finding.cause);
    case "timeLagAbove":
      return standing.timeLagMs !== null && standing.timeLagMs > when.ms;
    case "lagAbove":
      return standing.lagMessages > BigInt(when.messages);
    case "dataLossWithin":
      return standing.dataLossSeconds !== null && standing.dataLossSeconds * 1000 < when.ms;
  }
}
