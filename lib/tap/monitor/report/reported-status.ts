/** The status reported of each group, steady from cycle to cycle, and the incidents that follow from it. */
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import { steady } from "#lib/domain/health/hysteresis.ts";
import { incidentStep, type GroupStatus } from "#lib/domain/health/incident.ts";
import { isBad, verdictWith, type Verdict } from "#lib/domain/health/verdict.ts";
import type { IncidentChangeRow } from "#lib/store/groups/incidents-write.ts";
import type { OpenIncidentRow } from "#lib/store/groups/open-incidents-read.ts";
import type { ReportedGroup } from "#lib/store/groups/reported-read.ts";
import { type Memory, restored, NO_PEAK, nothingKnown } from "./group-memory.ts";
import { VERDICT, HOLDING, CAUSE } from "./holding-times.ts";

const KINDS = { open: "opened", change: "changed", peak: "peak", close: "closed" } as const;

export interface ReportedGroupStatus {
  readonly verdict: Verdict;
  readonly verdictSinceMs: number;
  readonly finding: ReportedFinding | null;
  readonly causeSinceMs: number | null;
}

export class ReportedStatus {
  readonly #groups = new Map<number, Memory>();

  /** What an earlier run has reported, and the incidents that it left open. */
  constructor(reported: readonly ReportedGroup[], incidents: readonly OpenIncidentRow[], nowMs: number) {
    for (const group of reported) this.#groups.set(group.groupId, restored(group, nowMs));
    for (const incident of incidents) {
      const own = this.#of(incident.groupId, nowMs);
      own.incident = incident;
      own.peak = { lagMessages: incident.peakLagMessages, timeLagMs: incident.peakTimeLagMs ?? 0 };
    }
  }

  /**
   * What is reported of a group after another cycle. While little is certain, as after a start, what was reported
   * before stays.
   */
  report(
    groupId: number,
    verdict: Verdict,
    found: ReportedFinding | null,
    isCertain: boolean,
    nowMs: number,
  ): ReportedGroupStatus {
    const own = this.#of(groupId, nowMs);
    if (isCertain) {
      own.verdict = steady(own.verdict, isBad(verdict) ? verdict : null, nowMs, VERDICT);
      holdCause(own, found, nowMs);
    }
    const shown = verdictWith(own.verdict.reported ?? (isBad(verdict) ? "ok" : verdict), own.finding?.cause ?? null);
    if (shown !== own.shown.verdict) {
      const badSinceMs = own.verdict.reported === shown ? own.verdict.reportedSinceMs : (own.finding?.sinceMs ?? nowMs);
      own.shown = { verdict: shown, sinceMs: isBad(shown) ? Math.min(nowMs, badSinceMs) : nowMs };
    }
    return {
      verdict: shown,
      verdictSinceMs: own.shown.sinceMs,
      finding: own.finding,
      causeSinceMs: own.finding?.sinceMs ?? null,
    };
  }

  /** What a group's status means for its incident; null: nothing to write. */
  incident(groupId: number, status: GroupStatus, nowMs: number): IncidentChangeRow | null {
    const own = this.#of(groupId, nowMs);
    const { incident: open, peak } = own;
    if (status.lagMessages > peak.lagMessages) peak.lagMessages = status.lagMessages;
    peak.timeLagMs = Math.max(peak.timeLagMs, status.timeLagMs ?? 0);
    const step = incidentStep(open, status);
    if (step === null) {
      if (open === null) own.peak = NO_PEAK();
      return null;
    }
    const { verdict, severity, reason, finding } = status;
    const id = open?.id ?? null;
    const peaks = { peakLagMessages: peak.lagMessages, peakTimeLagMs: peak.timeLagMs };
    own.incident = step === "close" ? null : { id, verdict, cause: finding?.cause ?? null, severity, ...peaks };
    return {
      groupId,
      incidentId: id,
      kind: KINDS[step],
      verdict,
      severity,
      reason,
      finding,
      ...peak,
      sinceMs: Math.min(nowMs, finding?.sinceMs ?? status.verdictSinceMs),
    };
  }

  /** The ids of the incidents that were written now, by group. */
  setOpened(ids: ReadonlyMap<number, number>): void {
    for (const [groupId, id] of ids) {
      const own = this.#groups.get(groupId);
      if (own?.incident) own.incident = { ...own.incident, id };
    }
  }

  forget(groupIds: Iterable<number>): void {
    for (const groupId of groupIds) this.#groups.delete(groupId);
  }

  /**
   * Groups that are gone from the broker are forgotten. One with an open incident is kept until the group is marked as
   * gone in the database, which closes the incident.
   */
  forgetOthers(groups: ReadonlyMap<number, unknown>): void {
    for (const [groupId, { incident }] of this.#groups)
      if (!groups.has(groupId) && incident === null) this.#groups.delete(groupId);
  }

  #of(groupId: number, nowMs: number): Memory {
    let own = this.#groups.get(groupId);
    if (own === undefined) this.#groups.set(groupId, (own = nothingKnown(nowMs)));
    return own;
  }
}

/** Updates the reported cause and its finding. */
function holdCause(own: Memory, found: ReportedFinding | null, nowMs: number): void {
  const before = own.cause.reported;
  const holding = HOLDING[found?.cause ?? before ?? "too_slow"] ?? CAUSE;
  own.cause = steady(own.cause, found?.cause ?? null, nowMs, holding);
  const { reported: cause, reportedSinceMs } = own.cause;
  if (cause === null) own.finding = null;
  else if (found !== null && found.cause === cause) {
    // Since when it holds is known best when it is first found: later the evidence may reach back less far.
    const knownSinceMs = cause === before ? (own.finding?.sinceMs ?? null) : null;
    own.finding = { ...found, sinceMs: knownSinceMs ?? found.sinceMs ?? reportedSinceMs };
  }
}
