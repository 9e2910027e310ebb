/** What people decided about a failure, held against what came since. Times are epoch ms. */

/** Of one dead letter; `replaying`: sent again, and not known yet whether it was consumed. */
export const FAILURE_STATUSES = ["open", "replaying", "resolved"] as const;
export type FailureStatus = (typeof FAILURE_STATUSES)[number];

/** Of all dead letters with one fingerprint, as people decided. */
export const TRIAGE_STATUSES = ["open", "snoozed", "resolved"] as const;
export type TriageStatus = (typeof TRIAGE_STATUSES)[number];

export interface Triage {
  readonly status: TriageStatus;
  readonly changedAtMs: number;
  /** only of a snoozed one */
  readonly snoozedUntilMs: number | null;
}

/** The dead letters of a failure, in numbers. */
export interface TriageFacts {
  /** not resolved: open, or on their way again */
  readonly unresolvedEvents: number;
  /** failed after the decision */
  readonly eventsSince: number;
  /** failed in as long a time before the decision, an hour at least */
  readonly eventsBefore: number;
  /** when the first that is still open failed after the decision */
  readonly firstOpenSinceMs: number | null;
}

/** Why something put away stands in the open list again. */
export type Reopened = "came_back" | "got_worse" | "snooze_over";

export interface TriageState {
  readonly state: TriageStatus;
  readonly reopened: Reopened | null;
}

export const SHORTEST_COMPARISON_MS = 3_600_000;
/** Fewer than so many since are never worse. */
const LEAST_TO_BE_WORSE = 10;
const TIMES_TO_BE_WORSE = 2;

/** Over how long a time before the decision dead letters are counted, to compare. */
export const comparisonMs = (sinceMs: number): number => Math.max(sinceMs, SHORTEST_COMPARISON_MS);

/**
 * Where a failure stands now. What has nothing unresolved is resolved, whoever did it. A resolved one is open again
 * with its next dead letter; a snoozed one at its time, or as soon as it is worse: ten dead letters since, and more
 * than twice as many as in as long a time before.
 */
export function triageStateOf(care: Triage | null, facts: TriageFacts, nowMs: number): TriageState {
  if (facts.unresolvedEvents === 0) return { state: "resolved", reopened: null };
  if (care?.status === "resolved")
    return { state: "open", reopened: facts.firstOpenSinceMs === null ? null : "came_back" };
  if (care?.status !== "snoozed") return { state: "open", reopened: null };
  if (care.snoozedUntilMs === null || care.snoozedUntilMs <= nowMs) return { state: "open", reopened: "snooze_over" };
  const worse = facts.eventsSince >= LEAST_TO_BE_WORSE && facts.eventsSince > TIMES_TO_BE_WORSE * facts.eventsBefore;
  return worse ? { state: "open", reopened: "got_worse" } : { state: "snoozed", reopened: null };
}
