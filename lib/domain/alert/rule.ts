import type { Cause } from "../health/cause.ts";
import type { ReportedFinding } from "../health/finding.ts";
import type { Verdict } from "../health/verdict.ts";
import { topicMatches } from "../text/glob.ts";

/** How much an alert matters, worst first. */
export const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What must be true for a rule to hold. */
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
  /** how long the condition must hold before the alert fires */
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
  readonly finding: ReportedFinding | null;
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
  /** null: never evaluated */
  readonly evaluatedAtMs: number | null;
}

/** A cluster as rules see it. */
export interface WatchedCluster {
  readonly about: "cluster";
  readonly clusterId: number;
  readonly cluster: string;
  readonly group: "";
  /** the last attempt to reach it failed */
  readonly isRefused: boolean;
  /** why it failed, in the words of the broker or the connection */
  readonly reason: string | null;
  /** null: never polled */
  readonly polledAtMs: number | null;
  readonly pollEveryMs: number;
  /** since when a tap has been running; null: none is */
  readonly tapSinceMs: number | null;
}

/** What a rule is evaluated for. */
export type Watched = WatchedGroup | WatchedCluster;

/** What rules of this condition are about. */
export const subjectOf = (when: Condition): Watched["about"] =>
  when.kind === "clusterUnreachable" ? "cluster" : "group";

/** For this long after a tap starts, a cluster's state may still be from before, and no alert depends on it. */
const SETTLE_MS = 30_000;
/** A cluster that has not been polled for this long, or for this many polls, is out of reach, whatever the reason. */
const OVERDUE = { atLeastMs: 60_000, polls: 3 } as const;

/** An evaluation older than this says nothing about now: it makes no alert fire or resolve. */
const STALE_AFTER_MS = 90_000;

/** Whether the rule is about this group or cluster. */
export const covers = (
  rule: AlertRule,
  { about, cluster, group }: Pick<Watched, "about" | "cluster" | "group">,
): boolean => about === subjectOf(rule.when) && topicMatches(rule.group, group) && topicMatches(rule.cluster, cluster);

/** Whether the condition is met; null: the evaluation is too old. Dead letters are counted independently of it. */
export function isMet(when: Condition, watched: Watched, nowMs: number): boolean | null {
  if (watched.about === "cluster") return when.kind === "clusterUnreachable" && isOutOfReach(watched, nowMs);
  if (when.kind === "clusterUnreachable") return false;
  if (when.kind === "deadLettersPerMinuteAbove") return watched.deadLettersPerMinute > when.events;
  if (watched.evaluatedAtMs === null || nowMs - watched.evaluatedAtMs > STALE_AFTER_MS) return null;
  switch (when.kind) {
    case "verdict":
      return when.verdicts.includes(watched.verdict);
    case "cause":
      return watched.finding !== null && when.causes.includes(watched.finding.cause);
    case "timeLagAbove":
      return watched.timeLagMs !== null && watched.timeLagMs > when.ms;
    case "lagAbove":
      return watched.lagMessages > BigInt(when.messages);
    case "dataLossWithin":
      return watched.dataLossSeconds !== null && watched.dataLossSeconds * 1000 < when.ms;
  }
}

function isOutOfReach(
  { isRefused, polledAtMs, pollEveryMs, tapSinceMs }: WatchedCluster,
  nowMs: number,
): boolean | null {
  if (tapSinceMs === null || nowMs - tapSinceMs < SETTLE_MS) return null;
  // While no tap was running, no poll was due.
  return (
    isRefused ||
    nowMs - Math.max(polledAtMs ?? 0, tapSinceMs) > Math.max(OVERDUE.atLeastMs, OVERDUE.polls * pollEveryMs)
  );
}
