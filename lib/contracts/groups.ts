import { z } from "zod";
import { LAG_FLAGS } from "#lib/domain/health/log/flag.ts";
import { Decimal, Iso, PageQuery, Verdict, pageOf, MOST_GROUP_CHARS } from "./common.ts";
import { Cause, GroupCause, ReasonKind } from "./group-cause.ts";
import { GroupEvent, GroupSeriesPoint } from "./group-history.ts";
import { Incident } from "./incidents.ts";

export const PartitionFlag = z.enum(LAG_FLAGS);

export const GroupsQuery = PageQuery.extend({
  cluster: z.string().max(100).optional(),
  q: z.string().max(MOST_GROUP_CHARS).optional().meta({ description: "part of the group's name" }),
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
    reasonKind: ReasonKind.nullable().meta({ description: "what kind of reason it is; null: there is none" }),
    cause: GroupCause.nullable(),
    lagMessages: Decimal,
    timeLagMs: z.number().nullable(),
    timeLagIsFloor: z.boolean().meta({ description: "the time lag is at least this long" }),
    inRate: z.number(),
    outRate: z.number(),
    /** time until the slowest partition has caught up at today's rates; null: it does not, or nothing waits */
    catchUpSeconds: z.number().nullable(),
    /** time until retention deletes the first event that waits on any partition; null: it will not */
    dataLossSeconds: z.number().nullable(),
    lostMessages: Decimal.meta({ description: "deleted by retention before they were consumed" }),
    spark: z
      .array(z.number().nullable())
      .meta({ description: "lag in each minute of the last half hour, oldest first; null where it is not known" }),
    evaluatedAt: Iso.nullable(),
  })
  .meta({ id: "Group" });
export const GroupsView = pageOf(GroupRow)
  .extend({
    counts: z.object({ stuck: z.number(), warning: z.number(), ok: z.number(), unknown: z.number() }),
    leftOut: z.array(z.string()).meta({
      description: "patterns of groups that the configuration leaves out of lists, counts, metrics and alerts",
    }),
  })
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
  /** why the numbers may mean less than they say */
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
    /** which figures of that moment are no longer kept, in words; null: nothing is missing */
    missing: z.string().nullable(),
    partitions: z.array(PartitionRow),
    members: z.array(MemberRow),
    head: z.array(HeadOfLine).meta({ description: "the waiting event of each lagging partition, worst first" }),
    stepSeconds: z.number(),
    series: z.array(GroupSeriesPoint),
    events: z
      .array(GroupEvent)
      .meta({ description: "rebalances, members and resets within the time of the series, oldest first" }),
    incidents: z
      .array(Incident)
      .meta({ description: "latest first: those within the time of the series and a few before" }),
    failures: z.object({ open: z.number(), lastHour: z.number() }),
  })
  .meta({ id: "GroupDetail" });

export type GroupsQuery = z.infer<typeof GroupsQuery>;
export type GroupQuery = z.infer<typeof GroupQuery>;
export type GroupRow = z.infer<typeof GroupRow>;
export type GroupsView = z.infer<typeof GroupsView>;
export type GroupView = z.infer<typeof GroupView>;
export type PartitionFlag = z.infer<typeof PartitionFlag>;
export type PartitionRow = z.infer<typeof PartitionRow>;
export type MemberRow = z.infer<typeof MemberRow>;
export type HeadOfLine = z.infer<typeof HeadOfLine>;
