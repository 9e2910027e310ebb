/** Replays as lists and pages show them. */
import { z } from "zod";
import { ITEM_REASONS } from "#lib/domain/replay/item-reason.ts";
import { REPLAY_ITEM_STATUSES, REPLAY_KINDS, REPLAY_STATUSES } from "#lib/domain/replay/run.ts";
import { Decimal, Iso, PageQuery, pageOf, TraceId, MOST_GROUP_CHARS } from "./common.ts";
import { ReplayItemEdit } from "./replay-draft.ts";
import { ReplayHold } from "./replay-hold.ts";
import { OffsetResetPreview, RedrivePreview, SkipPreview } from "./replay-preview.ts";

export const ReplayStatus = z.enum([...REPLAY_STATUSES, "verifying"]).meta({
  description:
    "verifying: all of a redrive is sent, and of some it is not known yet what became of them; " +
    "completed once it is, or once there is nobody left who could tell",
});

/** What became of holding a body against the JSON Schema that the configuration names for it. */
const SchemaVerdict = z.object({
  state: z.enum(["matches", "differs", "unchecked"]),
  schema: z.string().nullable().meta({ description: "its file; null: none is known" }),
  why: z.string().nullable().meta({ description: "what does not match, or why nothing could be said" }),
});
export const ReplayItemEditView = z.object({
  edit: ReplayItemEdit.nullable(),
  schema: SchemaVerdict.meta({ description: "of what would be sent now" }),
});
export const ReplayRow = z
  .object({
    id: z.number().int(),
    kind: z.enum(REPLAY_KINDS),
    status: ReplayStatus,
    cluster: z.string(),
    group: z.string().nullable(),
    revision: z.number().int().meta({ description: "one more with every change to the draft" }),
    createdBy: z.string(),
    reason: z.string(),
    createdAt: Iso,
    startedAt: Iso.nullable(),
    finishedAt: Iso.nullable(),
    hold: ReplayHold.nullable().meta({ description: "why it does not go on now, while it is not over" }),
    error: z
      .string()
      .nullable()
      .meta({ description: "what keeps it from going on, or why it failed or was incomplete, in words" }),
    sandbox: z
      .string()
      .nullable()
      .meta({ description: "the topic it was sent to for nobody to consume: then there is no outcome to wait for" }),
    progress: z.object({
      total: z.number(),
      sent: z.number(),
      skipped: z.number(),
      failed: z.number(),
      pending: z.number(),
      verified: z.number().meta({ description: "of those sent, whose outcome is certain" }),
      failedAgain: z.number(),
    }),
  })
  .meta({ id: "Replay" });
export const ReplayItemRow = z.object({
  seq: z.number(),
  failureId: Decimal.nullable(),
  sourceTopic: z.string(),
  sourcePartition: z.number(),
  sourceOffset: Decimal,
  targetTopic: z.string(),
  targetPartition: z.number().nullable(),
  targetOffset: Decimal.nullable(),
  key: z.string().nullable(),
  newerOffset: Decimal.nullable().meta({
    description: "of the newest event of its key, when that came later than every event of this replay",
  }),
  edited: z.boolean().meta({ description: "it is sent with what people changed, and the header flowtap-edited" }),
  status: z.enum(REPLAY_ITEM_STATUSES),
  reason: z
    .enum(ITEM_REASONS)
    .nullable()
    .meta({ description: "why Flowtap does not send it; null: it is sent, or the broker refused it" }),
  detail: z.string().nullable().meta({ description: "the reason in words, or the broker's refusal" }),
  sentAt: Iso.nullable(),
  /**
   * what became of it: consumed by the group, failed again, still waiting; not_applicable: nobody is to consume it, it
   * lies in a sandbox
   */
  outcome: z.enum(["consumed", "dead_lettered", "waiting", "not_sent", "unknown", "not_applicable"]),
  /** when it was consumed, or failed again; null: not certain yet */
  outcomeAt: Iso.nullable(),
  /** the new dead letter of one that failed again */
  again: z.object({ fingerprint: z.string(), title: z.string(), sameCause: z.boolean() }).nullable(),
  traceId: TraceId.nullable(),
});
export const ReplayQuery = PageQuery;
export const ReplayView = z
  .object({
    row: ReplayRow,
    preview: z.discriminatedUnion("kind", [OffsetResetPreview, RedrivePreview, SkipPreview]),
    items: pageOf(ReplayItemRow),
    recentPerSecond: z.number().meta({ description: "items sent per second of late" }),
    outcomes: z.object({
      consumed: z.number(),
      deadLettered: z.number(),
      otherCause: z.number().meta({ description: "of those dead-lettered again, with another cause" }),
      waiting: z.number(),
      notSent: z.number(),
      unknown: z.number(),
      notApplicable: z.number(),
    }),
  })
  .extend({
    undo: z
      .object({ possible: z.boolean(), undoes: z.number().int().nullable(), undoneBy: z.number().int().nullable() })
      .meta({
        description: "of a reset or a skip: whether it can be taken back, what it takes back, and what took it back",
      }),
    log: z
      .array(z.object({ at: Iso, actor: z.string(), action: z.string(), reason: z.string().nullable() }))
      .meta({ description: "the audit log's entries on this run" }),
  })
  .meta({ id: "ReplayDetail" });
export const ReplayExportQuery = z.object({ format: z.enum(["csv", "json"]).default("csv") });
export const ReplaysQuery = PageQuery.extend({
  group: z.string().max(MOST_GROUP_CHARS).optional(),
  status: z.enum(REPLAY_STATUSES).optional().meta({ description: "what is being verified counts as completed" }),
});
export const ReplaysView = pageOf(ReplayRow).meta({ id: "Replays" });

export type ReplayItemEditView = z.infer<typeof ReplayItemEditView>;
export type ReplayRow = z.infer<typeof ReplayRow>;
export type ReplayItemRow = z.infer<typeof ReplayItemRow>;
export type ReplayView = z.infer<typeof ReplayView>;
export type ReplaysQuery = z.infer<typeof ReplaysQuery>;
export type ReplaysView = z.infer<typeof ReplaysView>;
export type ReplayStatus = z.infer<typeof ReplayStatus>;
