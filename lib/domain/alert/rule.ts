import type { Cause, Finding } from "../health/cause.ts";
import type { Verdict } from "../health/verdict.ts";
import { topicMatches } from "../text/glob.ts";

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
  | { readonly kind: "deadLettersPerMinuteAbove"; readonly events: number }
  | { readonly kind: "clusterUnreachable" };

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
export interface WatchedGroup {
  readonly about: "group";
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
  readonly evaluatedAtMs: number | null;
}

/** A cluster as rules see it. */
export interface WatchedCluster {
  readonly about: "cluster";
  readonly clusterId: number;
  readonly cluster: string;
  readonly group: "";
  /** the last try to reach it failed */
  readonly isRefused: boolean;
  /** why that was, as the broker or the connection said it */
  readonly reason: string | null;
  /** null: never looked at */
  readonly lookedAtMs: number | null;
  readonly lookEveryMs: number;
  /** since when a tap has been there that could have looked; null: none is there */
  readonly tapSinceMs: number | null;
}

/** What a rule may hold for. */
export type Watched = WatchedGroup | WatchedCluster;

/** What rules of this condition are about. */
export const subjectOf = (when: Condition): Watched["about"] =>
  when.kind === "clusterUnreachable" ? "cluster" : "group";

/** So long after its start a tap says nothing yet of a cluster's reach: what the database holds may be of before. */
const SETTLE_MS = 30_000;
/**
 * A cluster that nobody has looked at for so long, or for so many of its turns, is out of reach, whatever keeps
 * the tap from it.
 */
const OVERDUE = { atLeastMs: 60_000, turns: 3 } as const;

/** A standing older than this says nothing of now: nothing fires by it and nothing resolves. */
const STALE_AFTER_MS = 90_000;

/** Whether the rule is about this group or cluster. */
export const covers = (
  rule: AlertRule,
  { about, cluster, group }: Pick<Watched, "about" | "cluster" | "group">,
): boolean => about === subjectOf(rule.when) && topicMatches(rule.group, group) && topicMatches(rule.cluster, cluster);

/**
 * Whether the condition is met; null where the standing is too old to tell. Dead letters are counted apart
 * from the standing.
 */
export function isMet(when: Condition, standing: Watched, nowMs: number): boolean | null {
  if (standing.about === "cluster") return when.kind === "clusterUnreachable" && isOutOfReach(standing, nowMs);
  if (when.kind === "clusterUnreachable") return false;
  if (when.kind === "deadLettersPerMinuteAbove") return standing.deadLettersPerMinute > when.events;
  if (standing.evaluatedAtMs === null || nowMs - standing.evaluatedAtMs > STALE_AFTER_MS) return null;
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

function isOutOfReach(
  { isRefused, lookedAtMs, lookEveryMs, tapSinceMs }: WatchedCluster,
  nowMs: number,
): boolean | null {
  if (tapSinceMs === null || nowMs - tapSinceMs < SETTLE_MS) return null;
  // While no tap was there nobody can have looked.
  return (
    isRefused ||
    nowMs - Math.max(lookedAtMs ?? 0, tapSinceMs) > Math.max(OVERDUE.atLeastMs, OVERDUE.turns * lookEveryMs)
  );
}
