import { z } from "zod";
import { FAILURE_STATUSES, TRIAGE_STATUSES } from "#lib/domain/failure/triage.ts";
import { Decimal, Iso, PageQuery, pageOf, MOST_GROUP_CHARS } from "./common.ts";
import { Fate } from "./events.ts";
import { FailureTriage, FailureNote } from "./failure-triage.ts";

const FailureKind = z.enum(["dead_letter", "error_event"]);
const ONLY_READER =
  "The group that probably failed, if the dead letters name none: the only reader of the one topic they came from";

export const FailuresQuery = PageQuery.extend({
  cluster: z.string().max(100).optional(),
  group: z.string().max(MOST_GROUP_CHARS).optional(),
  topic: z.string().max(249).optional(),
  service: z.string().max(200).optional(),
  status: z.enum(FAILURE_STATUSES).optional().meta({ description: "Count only dead letters of this status" }),
  state: z
    .enum(TRIAGE_STATUSES)
    .optional()
    .meta({ description: "The state of the failure: open has unresolved events and is not snoozed" }),
  kind: FailureKind.optional().meta({
    description: "Only dead letters, or only error events (observe.errorEvents)",
  }),
  newSinceDeploy: z
    .enum(["1"])
    .optional()
    .meta({ description: "Only failures that first occurred after the last deploy of their group" }),
  q: z.string().max(200).optional(),
  from: Iso.optional(),
  to: Iso.optional(),
});
/** Dead letters, or error events, with the same fingerprint. */
export const FailureGroupRow = z
  .object({
    fingerprint: z.string(),
    kind: FailureKind,
    title: z.string(),
    format: z.string(),
    rootCauseClass: z.string().nullable(),
    message: z.string().nullable(),
    events: z.number().int(),
    open: z.number().int(),
    replaying: z.number().int(),
    state: z.enum(TRIAGE_STATUSES),
    triage: FailureTriage.nullable(),
    /** the number of other fingerprints merged into this one; their events are counted here */
    merged: z.number().int(),
    firstAt: Iso,
    lastAt: Iso,
    /** the last deploy of its group, if the failure first occurred after it */
    newSinceDeployAt: Iso.nullable(),
    groups: z.array(z.string()),
    topics: z.array(z.string()),
    types: z.array(z.string()),
    /** the services that published the events, where known */
    services: z.array(z.string()),
    /** schema versions of the events, where known */
    versions: z.array(z.string()),
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
    format: z.string(),
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
    status: z.enum(FAILURE_STATUSES),
  })
  .meta({ id: "Failure" });
export const FailureQuery = PageQuery.extend({ status: z.enum(FAILURE_STATUSES).optional() });
/** GET /api/failures/{fingerprint}; for a merged one, the failure that it was merged into */
export const FailureGroupView = z
  .object({
    row: FailureGroupRow,
    failures: pageOf(FailureRow),
    stepSeconds: z.number(),
    series: z.array(z.object({ at: Iso, events: z.number() })),
    merged: z.array(z.object({ fingerprint: z.string(), title: z.string().nullable() })),
    onlyReader: z.string().nullable().meta({ description: ONLY_READER }),
    /** the newest first */
    notes: z.array(FailureNote),
  })
  .meta({ id: "FailureGroupDetail" });

const Spread = z
  .object({
    values: z.array(z.object({ name: z.string().nullable(), events: z.number().int() })),
    distinct: z.number().int(),
  })
  .meta({ id: "Spread", description: "The ten most frequent values, and the number of distinct ones; null: unknown" });
/** GET /api/failures/{fingerprint}/spread: what its dead letters have in common, and similar failures */
export const FailureSpreadView = z
  .object({
    keys: Spread,
    partitions: Spread,
    versions: Spread,
    producers: Spread,
    /** failures with the same root cause elsewhere */
    similar: z.array(
      z.object({ fingerprint: z.string(), title: z.string(), group: z.string().nullable(), lastAt: Iso }),
    ),
  })
  .meta({ id: "FailureSpread" });
/**
 * GET /api/failures/{fingerprint}/events/{id}/fates: the fate of the original event in every group that reads its topic
 */
export const FailureFatesView = z.object({ fates: z.array(Fate) }).meta({ id: "FailureFates" });

export type FailuresQuery = z.infer<typeof FailuresQuery>;
export type FailureQuery = z.infer<typeof FailureQuery>;
export type FailureGroupRow = z.infer<typeof FailureGroupRow>;
export type FailuresView = z.infer<typeof FailuresView>;
export type FailureRow = z.infer<typeof FailureRow>;
export type FailureGroupView = z.infer<typeof FailureGroupView>;
export type FailureSpreadView = z.infer<typeof FailureSpreadView>;
export type FailureFatesView = z.infer<typeof FailureFatesView>;
