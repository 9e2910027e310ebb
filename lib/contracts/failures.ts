import { z } from "zod";
import { Decimal, Iso, PageQuery, pageOf } from "./common.ts";

export const FailuresQuery = PageQuery.extend({
  cluster: z.string().max(100).optional(),
  group: z.string().max(255).optional(),
  topic: z.string().max(249).optional(),
  service: z.string().max(200).optional(),
  status: z.enum(["open", "replaying", "resolved"]).optional(),
  q: z.string().max(200).optional(),
  from: Iso.optional(),
  to: Iso.optional(),
});
/** Dead letters with the same fingerprint. */
export const FailureGroupRow = z
  .object({
    fingerprint: z.string(),
    title: z.string(),
    family: z.string(),
    rootCauseClass: z.string().nullable(),
    message: z.string().nullable(),
    events: z.number().int(),
    open: z.number().int(),
    firstAt: Iso,
    lastAt: Iso,
    groups: z.array(z.string()),
    topics: z.array(z.string()),
    types: z.array(z.string()),
    spark: z.array(z.number()),
  })
  .meta({ id: "FailureGroup" });
export const FailuresView = pageOf(FailureGroupRow).meta({ id: "Failures" });

export const FailureRow = z
  .object({
    id: Decimal,
    cluster: z.string(),
    topic: z.string(),
    partition: z.number(),
    offset: Decimal,
    failedAt: Iso,
    family: z.string(),
    fingerprint: z.string(),
    originalTopic: z.string().nullable(),
    originalPartition: z.number().nullable(),
    originalOffset: Decimal.nullable(),
    originalAt: Iso.nullable(),
    group: z.string().nullable(),
    exceptionClass: z.string().nullable(),
    rootCauseClass: z.string().nullable(),
    message: z.string().nullable(),
    stack: z.string().nullable(),
    attempt: z.number().nullable(),
    traceId: z.string().nullable(),
    type: z.string().nullable(),
    service: z.string().nullable(),
    key: z.string().nullable(),
    status: z.enum(["open", "replaying", "resolved"]),
  })
  .meta({ id: "Failure" });
export const FailureQuery = PageQuery.extend({ status: z.enum(["open", "replaying", "resolved"]).optional() });
/** GET /api/failures/{fingerprint} */
export const FailureGroupView = z.object({ row: FailureGroupRow, failures: pageOf(FailureRow), stepSeconds: z.number(), series: z.array(z.object({ at: Iso, events: z.number() })) }).meta({ id: "FailureGroupDetail" });

export type FailuresQuery = z.infer<typeof FailuresQuery>;
export type FailureQuery = z.infer<typeof FailureQuery>;
export type FailureGroupRow = z.infer<typeof FailureGroupRow>;
export type FailuresView = z.infer<typeof FailuresView>;
export type FailureRow = z.infer<typeof FailureRow>;
export type FailureGroupView = z.infer<typeof FailureGroupView>;
