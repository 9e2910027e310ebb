/**
 * What people decided about a failure, and its state in the light of the events since. Times are epoch milliseconds.
 */

/** Of one dead letter; `replaying`: sent again, and not known yet whether it was consumed. */
export const FAILURE_STATUSES = ["open", "replaying", "resolved"] as const;
export type FailureStatus = (typeof FAILURE_STATUSES)[number];

/** Of all dead letters with one fingerprint, as people decided. */
export const TRIAGE_STATUSES = ["open", "snoozed", "resolved"] as const;
export type TriageStatus = (typeof TRIAGE_STATUSES)[number];

export interface Triage {
  readonly status: TriageStatus;
  readonly changedAtMs: number;
  /** only if snoozed */
  readonly snoozedUntilMs: number | null;
}

/** Counts of the dead letters of a failure. */
export interface TriageFacts {
  /** open, or being replayed */
  readonly unresolvedEvents: number;
  /** failed after the decision */
  readonly eventsSince: number;
  /** failed in an equally long time before the decision, but at least an hour */
  readonly eventsBefore: number;
  /** when the first dead letter after the decision failed that is still open; null if there is none */
  readonly firstOpenSinceMs: number | null;
}

/** Why a resolved or snoozed failure is open again. */
export type Reopened = "came_back" | "got_worse" | "snooze_over";

export interface TriageState {
  readonly state: TriageStatus;
  readonly reopened: Reopened | null;
}

/** The shortest time before a decision whose dead letters are compared with those since. */
export const MIN_COMPARISON_MS = 3_600_000;
/** A snoozed failure with fewer dead letters since is never worse. */
const MIN_EVENTS_TO_BE_WORSE = 10;
const FACTOR_TO_BE_WORSE = 2;

/**
 * The state of a failure now. Without unresolved dead letters it is resolved, however they were resolved. A resolved
 * failure opens again with its next dead letter. A snoozed one opens again when its time is over or when it gets worse:
 * at least ten dead letters since, and more than twice as many as in an equally long time before.
 */
export function triageStateOf(triage: Triage | null, facts: TriageFacts, nowMs: number): TriageState {
  if (facts.unresolvedEvents === 0) return { state: "resolved", reopened: null };
  if (triage?.status === "resolved")
    return { state: "open", reopened: facts.firstOpenSinceMs === null ? null : "came_back" };
  if (triage?.status !== "snoozed") return { state: "open", reopened: null };
  if (triage.snoozedUntilMs === null || triage.snoozedUntilMs <= nowMs)
    return { state: "open", reopened: "snooze_over" };
  const worse =
    facts.eventsSince >= MIN_EVENTS_TO_BE_WORSE && facts.eventsSince > FACTOR_TO_BE_WORSE * facts.eventsBefore;
  return worse ? { state: "open", reopened: "got_worse" } : { state: "snoozed", reopened: null };
}
