/** What is remembered of a group from cycle to cycle: what is reported of it, and its open incident. */
import type { Cause } from "#lib/domain/health/cause.ts";
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import { nothingReported, type Steady } from "#lib/domain/health/hysteresis.ts";
import type { OpenIncident } from "#lib/domain/health/incident.ts";
import { isBad, type Verdict } from "#lib/domain/health/verdict.ts";
import type { ReportedGroup } from "#lib/store/groups/reported-read.ts";

export const NO_PEAK = () => ({ lagMessages: 0n, timeLagMs: 0 });

export interface Memory {
  verdict: Steady<Verdict>;
  cause: Steady<Cause>;
  finding: ReportedFinding | null;
  shown: { readonly verdict: Verdict; readonly sinceMs: number };
  /** id null: not written yet */
  incident: (OpenIncident & { readonly id: number | null }) | null;
  /** of the open incident, written or not */
  peak: { lagMessages: bigint; timeLagMs: number };
}

export const nothingKnown = (nowMs: number): Memory => ({
  verdict: nothingReported(nowMs),
  cause: nothingReported(nowMs),
  finding: null,
  shown: { verdict: "unknown", sinceMs: nowMs },
  incident: null,
  peak: NO_PEAK(),
});

export function restored({ verdict, verdictSinceMs, causeSinceMs, finding }: ReportedGroup, nowMs: number): Memory {
  const sinceMs = verdictSinceMs ?? nowMs;
  return {
    verdict: isBad(verdict) ? { reported: verdict, reportedSinceMs: sinceMs, pending: null } : nothingReported(sinceMs),
    cause:
      finding === null
        ? nothingReported(nowMs)
        : { reported: finding.cause, reportedSinceMs: causeSinceMs ?? nowMs, pending: null },
    finding,
    shown: { verdict, sinceMs },
    incident: null,
    peak: NO_PEAK(),
  };
}
