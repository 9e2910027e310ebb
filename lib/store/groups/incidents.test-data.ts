/** A finding, and the change of an incident that it makes. */
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import type { IncidentChangeRow } from "./incidents-write.ts";

export const CLUSTER = 1;
export const AT = Date.UTC(2026, 10, 21, 2, 41);
export const finding: ReportedFinding = {
  cause: "poison_event",
  sinceMs: AT - 60_000,
  sentence: "orders[3] does not get past offset 7",
  at: { topic: "orders", partition: 3, offset: "7" },
  facts: [{ label: "a", value: "b\0\ud800" }],
  data: {},
};
export const change = (groupId: number, over: Partial<IncidentChangeRow> = {}): IncidentChangeRow => ({
  groupId,
  incidentId: null,
  kind: "opened",
  sinceMs: AT - 60_000,
  verdict: "stopped",
  severity: 3,
  reason: { kind: "cause", text: "it stands" },
  finding,
  lagMessages: 10n,
  timeLagMs: 500,
  ...over,
});
