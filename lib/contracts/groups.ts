import { z } from "zod";
import { CAUSES } from "#lib/domain/health/cause.ts";
import { Decimal, Iso, PageQuery, Verdict, pageOf } from "./common.ts";

export const Cause = z.enum(CAUSES);
/** Why a group is not ok, with what shows it. */
export const GroupCause = z
  .object({
    cause: Cause,
    title: z.string(),
    sentence: z.string(),
    since: Iso.nullable(),
    at: z.object({ topic: z.string(), partition: z.number().int(), offset: Decimal.nullable() }).nullable(),
    facts: z.array(z.object({ label: z.string(), value: z.string() })),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "GroupCause" });
export const PartitionFlag = z.enum(["compacted", "lost", "beyond_end", "transaction", "clock_ahead"]);

export const GroupsQuery = PageQuery.extend({
  cluster: z.string().max(100).optional(),
  q: z.string().max(255).optional().meta({ description: "part of the group's name" }),
  verdict: Verdict.optional(),
  cause: Cause.optional(),
  topic: z.string().max(249).optional(),
  service: z.string().max(255).optional(),
  state: z.string().max(30).optional(),
  sort: z.enum(["severity", "lag", "timeLag", "name"]).default("severity"),
});

export const GroupRow = z
  .object({
    cluster: z.string(),
    group: z.string(),
    protocol: z.string(),
    state: z.string(),
    members: z.number().int(),
    service: z.string().nullable(),
    topics: z.array(z.string()),
    verdict: Verdict,
    verdictSince: Iso.nullable(),
    evidence: z.number(),
    reason: z.string().nullable().meta({ description: "one sentence" }),
    cause: GroupCause.nullable(),
    lagMessages: Decimal,
    timeLagMs: z.number().nullable(),
    timeLagIsFloor: z.boolean().meta({ description: "at least so long" }),
    inRate: z.number(),
    outRate: z.number(),
    /** time until the slowest partition has caught up at today's rates; null: it does not, or nothing waits */
    catchUpSeconds: z.number().nullable(),
    /**
     * time until retention deletes the first event that waits, soonest over the partitions; null: it does not threaten
     */
    dataLossSeconds: z.number().nullable(),
    lostMessages: Decimal.meta({ description: "deleted by retention before they were consumed" }),
    /** lag over the last half hour, oldest first */
    spark: z.array(z.number()),
    evaluatedAt: Iso.nullable(),
  })
  .meta({ id: "Group" });
export const GroupsView = pageOf(GroupRow)
  .extend({ counts: z.object({ stuck: z.number(), warning: z.number(), ok: z.number(), unknown: z.number() }) })
  .meta({ id: "Groups" });

export const PartitionRow = z.object({
  topic: z.string(),
  partition: z.number().int(),
  committedOffset: Decimal.nullable(),
  endOffset: Decimal.nullable(),
  logStartOffset: Decimal.nullable(),
  lagMessages: Decimal.nullable(),
  timeLagMs: z.number().nullable(),
  timeLagIsFloor: z.boolean(),
  lastStableOffset: Decimal.nullable(),
  inRate: z.number(),
  outRate: z.number(),
  catchUpSeconds: z.number().nullable(),
  dataLossSeconds: z.number().nullable(),
  lostMessages: Decimal,
  /** what makes the numbers less than they seem */
  flag: PartitionFlag.nullable(),
  verdict: Verdict,
  evidence: z.number(),
  movedAt: Iso.nullable(),
  memberId: z.string().nullable(),
  clientId: z.string().nullable(),
  /** commits per step over the last half hour, oldest first: the heat strip */
  heat: z.array(z.number()),
});
export const MemberRow = z.object({
  memberId: z.string(),
  clientId: z.string(),
  host: z.string(),
  partitions: z.array(z.object({ topic: z.string(), partitions: z.array(z.number()) })),
});
export const HeadOfLine = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: Decimal,
  occurredAt: Iso.nullable(),
  type: z.string().nullable(),
  key: z.string().nullable(),
  traceId: z.string().nullable(),
  waitingMs: z.number().nullable(),
});

export const GroupEvent = z.object({
  at: Iso,
  kind: z.enum(["rebalance", "joined", "left", "deploy", "rewound", "skipped", "emptied"]),
  text: z.string(),
});
/** What the charts of a group show, and what is marked on them. */
export const GroupSeriesPoint = z.object({
  at: Iso,
  lagMessages: z.number().nullable(),
  timeLagMs: z.number().nullable(),
  inRate: z.number(),
  outRate: z.number(),
  errors: z.number(),
  members: z.number().nullable(),
  verdict: Verdict.nullable(),
  commits: z
    .number()
    .nullable()
    .meta({ description: "offsets committed; null where the range is too long to count them" }),
});
const IncidentChange = z.object({
  at: Iso,
  kind: z.enum(["opened", "changed", "closed"]),
  verdict: Verdict,
  cause: Cause.nullable(),
  reason: z.string().nullable(),
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
  group: z.string().max(255).optional().meta({ description: "the group's whole name" }),
  cause: Cause.optional(),
  open: z
    .enum(["yes", "no"])
    .optional()
    .meta({ description: "only those that still hold, or only those that are over" }),
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
      .meta({ description: "from before it was opened until after it was closed, or now" }),
    events: z.array(GroupEvent),
    /** the moments worth opening the group's page at */
    moments: z.array(z.object({ at: Iso, text: z.string() })),
    readAt: Iso,
  })
  .meta({ id: "IncidentDetail" });

export const GroupQuery = z.object({
  minutes: z.coerce.number().int().min(5).max(1440).default(30),
  at: Iso.optional(),
});
export const GroupView = z
  .object({
    row: GroupRow,
    coordinator: z.string().nullable(),
    /** of the classic protocol a generation, of the newer ones an epoch */
    generation: z.number().int().nullable(),
    /** the moment the view is of; null: now */
    at: Iso.nullable(),
    /** what the figures of that moment could not be read from any more, in words; null: nothing is missing */
    missing: z.string().nullable(),
    partitions: z.array(PartitionRow),
    members: z.array(MemberRow),
    head: z.array(HeadOfLine).meta({ description: "the waiting event of each lagging partition, worst first" }),
    stepSeconds: z.number(),
    series: z.array(GroupSeriesPoint),
    events: z.array(GroupEvent).meta({ description: "rebalances, members and resets within the series, oldest first" }),
    incidents: z.array(Incident).meta({ description: "latest first, those that touch the series and a few before" }),
    failures: z.object({ open: z.number(), lastHour: z.number() }),
  })
  .meta({ id: "GroupDetail" });

export type GroupsQuery = z.infer<typeof GroupsQuery>;
export type GroupQuery = z.infer<typeof GroupQuery>;
export type GroupRow = z.infer<typeof GroupRow>;
export type GroupsView = z.infer<typeof GroupsView>;
export type GroupView = z.infer<typeof GroupView>;
export type GroupCause = z.infer<typeof GroupCause>;
export type GroupEvent = z.infer<typeof GroupEvent>;
export type Incident = z.infer<typeof Incident>;
export type IncidentRow = z.infer<typeof IncidentRow>;
export type IncidentsQuery = z.infer<typeof IncidentsQuery>;
export type IncidentsView = z.infer<typeof IncidentsView>;
export type IncidentView = z.infer<typeof IncidentView>;
export type GroupSeriesPoint = z.infer<typeof GroupSeriesPoint>;
export type PartitionFlag = z.infer<typeof PartitionFlag>;
export type PartitionRow = z.infer<typeof PartitionRow>;
export type MemberRow = z.infer<typeof MemberRow>;
export type HeadOfLine = z.infer<typeof HeadOfLine>;
