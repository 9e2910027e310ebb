import { z } from "zod";
import { Decimal, Iso, PageQuery, Verdict, pageOf } from "./common.ts";

export const GroupsQuery = PageQuery.extend({
  cluster: z.string().max(100).optional(),
  q: z.string().max(255).optional().meta({ description: "part of the group's name" }),
  verdict: Verdict.optional(),
  topic: z.string().max(249).optional(),
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
    lagMessages: Decimal,
    timeLagMs: z.number().nullable(),
    inRate: z.number(),
    outRate: z.number(),
    /** time until lag is zero at today's rates; null: not catching up or nothing to catch up */
    catchUpSeconds: z.number().nullable(),
    /** lag over the last half hour, oldest first */
    spark: z.array(z.number()),
    judgedAt: Iso.nullable(),
  })
  .meta({ id: "Group" });
export const GroupsView = pageOf(GroupRow).extend({ counts: z.object({ stuck: z.number(), warning: z.number(), ok: z.number(), unknown: z.number() }) }).meta({ id: "Groups" });

export const PartitionRow = z.object({
  topic: z.string(),
  partition: z.number().int(),
  committedOffset: Decimal.nullable(),
  endOffset: Decimal.nullable(),
  logStartOffset: Decimal.nullable(),
  lagMessages: Decimal.nullable(),
  timeLagMs: z.number().nullable(),
  timeLagIsFloor: z.boolean(),
  verdict: Verdict,
  evidence: z.number(),
  movedAt: Iso.nullable(),
  memberId: z.string().nullable(),
  clientId: z.string().nullable(),
  /** commits per step over the last half hour, oldest first: the heat strip */
  heat: z.array(z.number()),
});
export const MemberRow = z.object({ memberId: z.string(), clientId: z.string(), host: z.string(), partitions: z.array(z.object({ topic: z.string(), partitions: z.array(z.number()) })) });
export const HeadOfLine = z.object({ topic: z.string(), partition: z.number(), offset: Decimal, occurredAt: Iso.nullable(), type: z.string().nullable(), key: z.string().nullable(), traceId: z.string().nullable(), waitingMs: z.number().nullable() });

export const GroupQuery = z.object({ minutes: z.coerce.number().int().min(5).max(1440).default(30), at: Iso.optional() });
export const GroupView = z
  .object({
    row: GroupRow,
    coordinator: z.string().nullable(),
    /** soonest over the partitions; null: retention does not threaten */
    dataLossSeconds: z.number().nullable(),
    partitions: z.array(PartitionRow),
    members: z.array(MemberRow),
    head: z.array(HeadOfLine).meta({ description: "the waiting event of each lagging partition, worst first" }),
    stepSeconds: z.number(),
    series: z.array(z.object({ at: Iso, lagMessages: z.number().nullable(), timeLagMs: z.number().nullable(), inRate: z.number(), outRate: z.number(), errors: z.number(), members: z.number().nullable(), verdict: Verdict.nullable() })),
    failures: z.object({ open: z.number(), lastHour: z.number() }),
  })
  .meta({ id: "GroupDetail" });

export type GroupsQuery = z.infer<typeof GroupsQuery>;
export type GroupQuery = z.infer<typeof GroupQuery>;
export type GroupRow = z.infer<typeof GroupRow>;
export type GroupsView = z.infer<typeof GroupsView>;
export type GroupView = z.infer<typeof GroupView>;
export type PartitionRow = z.infer<typeof PartitionRow>;
export type MemberRow = z.infer<typeof MemberRow>;
export type HeadOfLine = z.infer<typeof HeadOfLine>;
