/** What is said of each group from turn to turn, so that it does not flap, and which incidents follow from it. */
import type { Cause, Finding } from "#lib/domain/health/cause.ts";
import { nothingReported, steady, type Holding, type Steady } from "#lib/domain/health/hysteresis.ts";
import { incidentStep, type GroupStatus, type OpenIncident } from "#lib/domain/health/incident.ts";
import { isBad, verdictWith, type Verdict } from "#lib/domain/health/verdict.ts";
import type { IncidentChangeRow, OpenIncidentRow } from "#lib/store/groups/incidents-write.ts";
import type { ReportedGroup } from "#lib/store/groups/states-read.ts";

const VERDICT: Holding = { openAfterMs: 10_000, closeAfterMs: 20_000, anyName: true };
const CAUSE: Holding = { openAfterMs: 4000, closeAfterMs: 20_000, anyName: false };
/** A reader that has just got done with the other partitions must be given the time to turn to the one that waits. */
const POISON: Holding = { ...CAUSE, openAfterMs: 12_000 };
/** First it must have been possible to tell that nothing stands still. */
const SLOW: Holding = { ...CAUSE, openAfterMs: 10_000 };
/** What is over the moment it is over: the log and the broker say so themselves. */
const AT_ONCE: Holding = { ...CAUSE, closeAfterMs: 5000 };
const HOLDING: Partial<Record<Cause, Holding>> = {
  poison_event: POISON,
  hot_partition: SLOW,
  too_slow: SLOW,
  broker_trouble: AT_ONCE,
  data_lost: AT_ONCE,
  open_transaction: AT_ONCE,
  skipped_ahead: AT_ONCE,
};

const KINDS = { open: "opened", change: "changed", peak: "peak", close: "closed" } as const;
const NO_PEAK = () => ({ lagMessages: 0n, timeLagMs: 0 });

interface Memory {
  verdict: Steady<Verdict>;
  cause: Steady<Cause>;
  finding: Finding | null;
  shown: { readonly verdict: Verdict; readonly sinceMs: number };
  incident: (OpenIncident & { readonly id: number | null }) | null;
  /** of the open incident, written or not */
  peak: { lagMessages: bigint; timeLagMs: number };
}

export interface ReportedGroupStatus {
  readonly verdict: Verdict;
  readonly verdictSinceMs: number;
  readonly finding: Finding | null;
  readonly causeSinceMs: number | null;
}

export class ReportedStatus {
  #groups = new Map<number, Memory>();

  constructor(said: readonly ReportedGroup[], incidents: readonly OpenIncidentRow[], nowMs: number) {
    for (const { groupId, verdict, verdictSinceMs, causeSinceMs, finding } of said) {
      const sinceMs = verdictSinceMs ?? nowMs;
      this.#groups.set(groupId, {
        verdict: isBad(verdict) ? { said: verdict, saidSinceMs: sinceMs, other: null } : nothingReported(sinceMs),
        cause:
          finding === null
            ? nothingReported(nowMs)
            : { said: finding.cause, saidSinceMs: causeSinceMs ?? nowMs, other: null },
        finding,
        shown: { verdict, sinceMs },
        incident: null,
        peak: NO_PEAK(),
      });
    }
    for (const incident of incidents) {
      const own = this.#of(incident.groupId, nowMs);
      own.incident = incident;
      own.peak = { lagMessages: incident.peakLagMessages, timeLagMs: incident.peakTimeLagMs ?? 0 };
    }
  }

  /**
   * What is said of a group after another look at it. While little is known, as after a start, what was
   * said before stays.
   */
  report(
    groupId: number,
    verdict: Verdict,
    found: Finding | null,
    isCertain: boolean,
    nowMs: number,
  ): ReportedGroupStatus {
    const said = this.#of(groupId, nowMs);
    if (isCertain) {
      said.verdict = steady(said.verdict, isBad(verdict) ? verdict : null, nowMs, VERDICT);
      const before = said.cause.said;
      const holding = HOLDING[found?.cause ?? before ?? "too_slow"] ?? CAUSE;
      said.cause = steady(said.cause, found?.cause ?? null, nowMs, holding);
      if (said.cause.said === null) said.finding = null;
      else if (found !== null && found.cause === said.cause.said) {
        // Since when is known best at first sight; later the evidence may only reach back less far.
        const sinceMs =
          said.cause.said === before ? (said.finding?.sinceMs ?? null) : (found.sinceMs ?? said.cause.saidSinceMs);
        said.finding = { ...found, sinceMs: sinceMs ?? found.sinceMs ?? said.cause.saidSinceMs };
      }
    }
    const shown = verdictWith(said.verdict.said ?? (isBad(verdict) ? "ok" : verdict), said.finding?.cause ?? null);
    if (shown !== said.shown.verdict)
      said.shown = {
        verdict: shown,
        sinceMs: isBad(shown)
          ? Math.min(nowMs, said.verdict.said === shown ? said.verdict.saidSinceMs : (said.finding?.sinceMs ?? nowMs))
          : nowMs,
      };
    return {
      verdict: shown,
      verdictSinceMs: said.shown.sinceMs,
      finding: said.finding,
      causeSinceMs: said.finding?.sinceMs ?? null,
    };
  }

  /** What a group's standing means for its incident; null: nothing to write. */
  incident(groupId: number, standing: GroupStatus, nowMs: number): IncidentChangeRow | null {
    const said = this.#of(groupId, nowMs);
    const { incident: open, peak } = said;
    if (standing.lagMessages > peak.lagMessages) peak.lagMessages = standing.lagMessages;
    peak.timeLagMs = Math.max(peak.timeLagMs, standing.timeLagMs ?? 0);
    const step = incidentStep(open, standing);
    if (step === null) {
      if (open === null) said.peak = NO_PEAK();
      return null;
    }
    const { verdict, severity, reason, finding } = standing;
    const row = {
      groupId,
      incidentId: open?.id ?? null,
      verdict,
      severity,
      reason,
      finding,
      lagMessages: peak.lagMessages,
      timeLagMs: peak.timeLagMs,
      sinceMs: Math.min(nowMs, finding?.sinceMs ?? standing.verdictSinceMs),
    };
    said.incident =
      step === "close"
        ? null
        : {
            id: open?.id ?? null,
            verdict,
            cause: finding?.cause ?? null,
            severity,
            peakLagMessages: peak.lagMessages,
            peakTimeLagMs: peak.timeLagMs,
          };
    return { ...row, kind: KINDS[step] };
  }

  setOpened(ids: ReadonlyMap<number, number>): void {
    for (const [groupId, id] of ids) {
      const said = this.#groups.get(groupId);
      if (said?.incident) said.incident = { ...said.incident, id };
    }
  }

  forget(groupIds: Iterable<number>): void {
    for (const groupId of groupIds) this.#groups.delete(groupId);
  }

  /**
   * Groups that are gone from the broker are forgotten; their open incidents are closed where they are marked as gone.
   */
  forgetOthers(groups: ReadonlyMap<number, unknown>): void {
    for (const [groupId, said] of this.#groups)
      if (!groups.has(groupId) && said.incident === null) this.#groups.delete(groupId);
  }

  #of(groupId: number, nowMs: number): Memory {
    let said = this.#groups.get(groupId);
    if (said === undefined)
      this.#groups.set(
        groupId,
        (said = {
          verdict: nothingReported(nowMs),
          cause: nothingReported(nowMs),
          finding: null,
          shown: { verdict: "unknown", sinceMs: nowMs },
          incident: null,
          peak: NO_PEAK(),
        }),
      );
    return said;
  }
}
