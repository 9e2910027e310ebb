import type { Cause } from "./cause.ts";
import type { ReportedFinding } from "./finding.ts";
import type { ReportedReason } from "./reason.ts";
import { isBad, type Verdict } from "./verdict.ts";

/** What an incident's history tells. */
export const INCIDENT_CHANGE_KINDS = ["opened", "changed", "closed"] as const;
export type IncidentChangeKind = (typeof INCIDENT_CHANGE_KINDS)[number];

/** What is reported of a group at one moment. */
export interface GroupStatus {
  readonly verdict: Verdict;
  readonly verdictSinceMs: number;
  readonly finding: ReportedFinding | null;
  readonly severity: number;
  readonly reason: ReportedReason | null;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
}

export interface OpenIncident {
  readonly verdict: Verdict;
  readonly cause: Cause | null;
  readonly severity: number;
  /** as last written */
  readonly peakLagMessages: bigint;
  readonly peakTimeLagMs: number | null;
}

/** `peak`: the highest lag of the incident has risen, and is written without an entry in its history. */
export type IncidentStep = "open" | "change" | "peak" | "close" | null;

/** In percent: a peak that rises all the time is written again once it has risen by a tenth. */
const PEAK_RISE_PERCENT = 110n;

/** Whether the group itself is in trouble. Dead letters alone are not: they are reported as failures. */
function isTrouble(status: Pick<GroupStatus, "verdict" | "finding">): boolean {
  return isBad(status.verdict) || status.finding !== null;
}

/**
 * What a group's status means for its incident. An incident lasts for as long as anything is wrong with the group,
 * whatever that is.
 */
export function incidentStep(open: OpenIncident | null, status: GroupStatus): IncidentStep {
  if (!isTrouble(status)) return open === null ? null : "close";
  if (open === null) return "open";
  if (open.verdict !== status.verdict || open.cause !== (status.finding?.cause ?? null)) return "change";
  const isWorse =
    status.lagMessages * 100n > open.peakLagMessages * PEAK_RISE_PERCENT ||
    BigInt(status.timeLagMs ?? 0) * 100n > BigInt(open.peakTimeLagMs ?? 0) * PEAK_RISE_PERCENT;
  return isWorse || status.severity !== open.severity ? "peak" : null;
}
