/** Incidents of groups. */
import { z } from "zod";
import { INCIDENT_CHANGE_KINDS } from "#lib/domain/health/incident.ts";
import { Decimal, Iso, PageQuery, Verdict, pageOf, MOST_GROUP_CHARS } from "./common.ts";
import { Cause, GroupCause, ReasonKind } from "./group-cause.ts";
import { GroupEvent, GroupSeriesPoint } from "./group-history.ts";

const IncidentChange = z.object({
  at: Iso,
  kind: z.enum(INCIDENT_CHANGE_KINDS),
  verdict: Verdict,
  cause: Cause.nullable(),
  reason: z.string().nullable(),
  reasonKind: ReasonKind.nullable(),
  finding: GroupCause.nullable(),
});
export const Incident = z
  .object({
    id: z.number().int(),
    cluster: z.string(),
    group: z.string(),
    openedAt: Iso,
    closedAt: Iso.nullable(),
    verdict: Verdict,
    cause: Cause.nullable(),
    severity: z.number().int(),
    reason: z.string().nullable(),
    peakLagMessages: Decimal,
    peakTimeLagMs: z.number().nullable(),
    changes: z.array(IncidentChange),
  })
  .meta({ id: "Incident" });

export const IncidentsQuery = PageQuery.extend({
  cluster: z.string().max(100).optional(),
  group: z.string().max(MOST_GROUP_CHARS).optional().meta({ description: "the group's whole name" }),
  cause: Cause.optional(),
  open: z.enum(["yes", "no"]).optional().meta({ description: "yes: only open incidents; no: only closed ones" }),
});
/** One incident of a list: without its changes. */
export const IncidentRow = Incident.omit({ changes: true }).meta({ id: "IncidentRow" });
export const IncidentsView = pageOf(IncidentRow).meta({ id: "Incidents" });
export const IncidentView = z
  .object({
    incident: Incident,
    service: z.string().nullable(),
    protocol: z.string(),
    topics: z.array(z.string()),
    stepSeconds: z.number(),
    series: z
      .array(GroupSeriesPoint)
      .meta({ description: "from some time before the incident opened until after it closed, or now" }),
    events: z.array(GroupEvent),
    /** the moments at which to open the group's page */
    moments: z.array(z.object({ at: Iso, text: z.string() })),
    readAt: Iso,
  })
  .meta({ id: "IncidentDetail" });
export type Incident = z.infer<typeof Incident>;
export type IncidentRow = z.infer<typeof IncidentRow>;
export type IncidentsQuery = z.infer<typeof IncidentsQuery>;
export type IncidentsView = z.infer<typeof IncidentsView>;
export type IncidentView = z.infer<typeof IncidentView>;
