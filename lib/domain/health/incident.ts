import type { Cause, Finding } from "./cause.ts";
import { isBad, type Verdict } from "./verdict.ts";

/** What is said of a group at one moment. */
export interface GroupStatus {
  readonly verdict: Verdict;
  readonly verdictSinceMs: number;
  readonly finding: Finding | null;
  readonly severity: number;
  readonly reason: string | null;
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

export const INCIDENT_CHANGE_KINDS = ["opened", "changed", "closed"] as const;
export type IncidentChangeKind = (typeof INCIDENT_CHANGE_KINDS)[number];

export type IncidentStep = "open" | "change" | "peak" | "close" | null;

/** A peak that rises all the time is written when it has risen by a tenth, in hundredths, and once more at the end. */
const RISE = 110n;

/** Whether something is wrong with the group as such. Dead letters alone are not: the failures tell of those. */
function isTrouble(standing: Pick<GroupStatus, "verdict" | "finding">): boolean {
  return isBad(standing.verdict) || standing.finding !== null;
}

/**
 * What a group's standing means for its incident: the stretch in which something is wrong with it, whatever that is.
 */
export function incidentStep(open: OpenIncident | null, standing: GroupStatus): IncidentStep {
  if (!isTrouble(standing)) return open === null ? null : "close";
  if (open === null) return "open";
  if (open.verdict !== standing.verdict || open.cause !== (standing.finding?.cause ?? null)) return "change";
  const isWorse =
    standing.lagMessages * 100n > open.peakLagMessages * RISE ||
    BigInt(standing.timeLagMs ?? 0) * 100n > BigInt(open.peakTimeLagMs ?? 0) * RISE;
  return isWorse || standing.severity !== open.severity ? "peak" : null;
}
