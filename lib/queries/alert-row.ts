/** One alert as the API gives it. */
import type { AlertsConfig } from "#lib/config/alerts.ts";
import type { AlertRow } from "#lib/contracts/alerts.ts";
import type { Verdict } from "#lib/contracts/common.ts";
import { silenceOf, type Silence } from "#lib/domain/alert/silence.ts";
import type { Cause } from "#lib/domain/health/cause.ts";
import type { AlertColumns } from "#lib/store/alerts/alerts-read.ts";
import type { SilenceColumns } from "#lib/store/alerts/silences-read.ts";

export function alertRow(
  { detail, ...alert }: AlertColumns,
  config: AlertsConfig,
  silences: readonly SilenceColumns[],
  watched: readonly Silence[],
  nowMs: number,
): AlertRow {
  const silenceId = alert.state === "resolved" ? null : (silenceOf(alert, watched, nowMs)?.id ?? null);
  const silence = silences.find(({ id }) => id === silenceId);
  const forMs = config.rules.find(({ name }) => name === alert.rule)?.forMs;
  const iso = (at: Date | null) => at?.toISOString() ?? null;
  return {
    ...{
      id: alert.id,
      rule: alert.rule,
      severity: alert.severity,
      state: alert.state,
      about: detail.about === "cluster" ? "cluster" : "group",
      cluster: alert.cluster,
      group: alert.group,
    },
    ...{
      title: detail.title,
      sentence: detail.sentence,
      verdict: detail.verdict as Verdict,
      cause: detail.cause as Cause | null,
      facts: [...detail.facts],
      incidentId: detail.incidentId,
    },
    pendingAt: alert.pendingAt.toISOString(),
    firedAt: iso(alert.firedAt),
    clearedAt: iso(alert.clearedAt),
    resolvedAt: iso(alert.resolvedAt),
    firesAt:
      alert.state === "pending" && forMs !== undefined
        ? new Date(alert.pendingAt.getTime() + forMs).toISOString()
        : null,
    silence:
      silence === undefined
        ? null
        : { id: silence.id, until: silence.until.toISOString(), reason: silence.reason, createdBy: silence.createdBy },
  };
}
