import { z } from "zod";
import { Decimal, Iso, PageQuery, pageOf, TraceId } from "./common.ts";
import { ReplaySelection } from "./replay-selection.ts";

export const ReplayStatus = z.enum(["draft", "queued", "running", "paused", "completed", "failed", "cancelled"]);

export const OffsetResetPlanInput = z.object({
  kind: z.literal("offset_reset"),
  cluster: z.string().max(100),
  group: z.string().max(255),
  /** empty: every topic the group has committed to */
  topics: z
    .array(
      z.object({ topic: z.string().max(249), partitions: z.array(z.number().int().min(0)).max(10_000).optional() }),
    )
    .max(1000)
    .default([]),
  to: z.discriminatedUnion("how", [
    z.object({ how: z.literal("earliest") }),
    z.object({ how: z.literal("latest") }),
    z.object({ how: z.literal("timestamp"), at: Iso }),
    z.object({ how: z.literal("offset"), offset: Decimal }),
    z.object({ how: z.literal("shift"), by: Decimal }),
    z
      .object({ how: z.literal("group"), group: z.string().min(1).max(255) })
      .meta({ description: "where another group stands; what that group never committed is left" }),
    z
      .object({
        how: z.literal("offsets"),
        offsets: z
          .array(z.object({ topic: z.string().min(1).max(249), partition: z.number().int().min(0), offset: Decimal }))
          .min(1)
          .max(10_000),
      })
      .meta({ description: "each partition where it is said" }),
  ]),
});
const RedriveTo = z.discriminatedUnion("how", [
  z.object({ how: z.literal("topic") }).meta({ description: "everybody who reads the target" }),
  z.object({ how: z.literal("group"), group: z.string().min(1).max(255) }).meta({
    description:
      "one group: by the retry topic only it reads, else by the header flowtap-target-group, on which the others must filter",
  }),
  z
    .object({
      how: z.literal("sandbox"),
      topic: z.string().min(1, "Name the sandbox topic.").max(249),
      create: z
        .boolean()
        .default(false)
        .meta({ description: "when it is not there: create it when the replay is run" }),
    })
    .meta({
      description:
        "a topic that no group reads, to debug with: no consumer gets the events, and nothing counts as replayed",
    }),
]);
const CanaryInput = z.object({
  items: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(1)
    .meta({ description: "sent first; the rest when what became of them is known" }),
  timeoutSeconds: z.number().int().min(5).max(86_400).default(120),
  then: z.enum(["pause", "go_on"]).default("pause").meta({ description: "when they are not verified in time" }),
});
export const RedrivePlanInput = z.object({
  kind: z.literal("redrive"),
  select: ReplaySelection,
  /** default: the topic each was first published to */
  targetTopic: z.string().max(249).optional(),
  to: RedriveTo.default({ how: "topic" }),
  stale: z.enum(["ask", "send", "skip", "newest"]).default("ask").meta({
    description:
      "events whose key has since had a newer one: choose in the draft, send all the same, leave them out, or send only the newest of each key",
  }),
  ratePerSecond: z.number().min(0.1).max(100_000).default(50),
  canary: CanaryInput.optional().meta({ description: "default: one, when there are several; none with 0 items" }),
  stopAbove: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .meta({ description: "stops by itself when more than this share of the latest events failed again" }),
});
export const SkipPlanInput = z.object({
  kind: z.literal("skip"),
  cluster: z.string().max(100),
  group: z.string().max(255),
  topic: z.string().min(1).max(249),
  partition: z.number().int().min(0),
  offset: z
    .string()
    .regex(/^\d{1,18}$/, "must be an offset")
    .meta({ description: "of the event to pass over: the next one of the group" }),
  deadLetterTopic: z.string().min(1).max(249).optional().meta({
    description: "where its copy is kept; default: where the group's dead letters go, else <topic>.flowtap-dlt",
  }),
});
/** POST /api/replays: makes a draft and answers with its preview. Nothing is sent yet. */
export const ReplayPlanInput = z.discriminatedUnion("kind", [OffsetResetPlanInput, RedrivePlanInput, SkipPlanInput]);
/** POST /api/replays/{id}/choose: changes a draft's items; what is not said stays. */
export const ReplayChoiceInput = z.object({
  stale: z.enum(["send", "skip", "newest"]).optional(),
  exclude: z
    .array(z.number().int().min(0))
    .max(10_000)
    .optional()
    .meta({ description: "items left out by hand, by seq" }),
  include: z.array(z.number().int().min(0)).max(10_000).optional(),
});
/** POST /api/replays/{id}/items/{seq}/edit */
export const ReplayItemEdit = z
  .object({
    body: z
      .string()
      .max(200_000)
      .nullable()
      .optional()
      .meta({ description: "sent as UTF-8; null: a tombstone; left out: the original's bytes" }),
    format: z
      .enum(["json", "text"])
      .default("json")
      .meta({ description: "json: the body is refused when it is no valid JSON" }),
    setHeaders: z
      .array(z.object({ name: z.string().min(1).max(200), value: z.string().max(8192) }))
      .max(50)
      .default([]),
    removeHeaders: z.array(z.string().min(1).max(200)).max(50).default([]),
    despiteSchema: z
      .boolean()
      .default(false)
      .meta({ description: "kept although it does not match its schema; the audit log says so" }),
  })
  .meta({ id: "ReplayItemEdit" });
/** POST /api/replays/{id}/run */
export const ReplayRunInput = z.object({
  reason: z.string().trim().min(3, "Say why, in three letters or more.").max(500),
  /** of what needs an empty group; 0: it must be empty now */
  waitForEmptySeconds: z.number().int().min(0).max(3600, "Wait an hour at most.").default(0).meta({
    description: "how long a reset may wait for the group to be empty; it is worked out anew at the moment it is",
  }),
});

export const OffsetResetPreview = z.object({
  kind: z.literal("offset_reset"),
  group: z.string(),
  cluster: z.string(),
  members: z
    .array(z.object({ clientId: z.string(), host: z.string() }))
    .meta({ description: "who is connected; a reset needs an empty group" }),
  partitions: z.array(
    z.object({
      topic: z.string(),
      partition: z.number(),
      from: Decimal.nullable(),
      to: Decimal,
      logStart: Decimal,
      end: Decimal,
      seenAgain: Decimal,
      skipped: Decimal,
    }),
  ),
  seenAgain: Decimal,
  skipped: Decimal,
  notes: z.array(z.string()).default([]).meta({ description: "what of it is left as it is, and why" }),
  undoes: z
    .object({
      run: z.number().int(),
      consumedSince: Decimal.meta({ description: "events the group has consumed since that run" }),
    })
    .optional(),
  cli: z.string().meta({ description: "the same with Kafka's own tool" }),
});
export const SkipPreview = z.object({
  kind: z.literal("skip"),
  group: z.string(),
  cluster: z.string(),
  members: OffsetResetPreview.shape.members,
  topic: z.string(),
  partition: z.number(),
  offset: Decimal,
  from: Decimal.meta({ description: "where the group stands" }),
  to: Decimal.meta({ description: "where it goes on" }),
  waitingBehind: Decimal.meta({ description: "events behind it that the group then gets to" }),
  key: z.string().nullable(),
  sizeBytes: z.number().int(),
  deadLetterTopic: z.string(),
  cli: z.string(),
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
const RedriveChecks = z.object({
  size: z.array(z.object({ topic: z.string(), maxBytes: z.number().int().nullable() })).meta({
    description:
      "the largest record each target takes (max.message.bytes, compressed); null: not told. What is larger is left out",
  }),
  bodies: z.object({
    checked: z.number().int(),
    notChecked: z.number().int().meta({
      description: "too much to be read in time, or the broker could not be asked: of these nothing is known",
    }),
    brokenJson: z.number().int().meta({ description: "begin like JSON and are none" }),
  }),
  schemas: z
    .object({
      matching: z.number().int(),
      differing: z.number().int(),
      unchecked: z
        .array(z.object({ why: z.string(), items: z.number().int() }))
        .meta({ description: "of these nothing is known; the reasons with the most events" }),
      first: z
        .array(z.object({ item: z.number().int(), schema: z.string(), why: z.string() }))
        .meta({ description: "the first that differ, by seq" }),
    })
    .optional()
    .meta({ description: "bodies as they lie in the log, held against the JSON Schemas of the configuration" }),
  code: z
    .array(
      z.object({
        group: z.string(),
        state: z.enum(["same", "newer", "unknown"]),
        deployedAt: Iso.nullable().meta({ description: "the last deploy of the group that was seen" }),
        watchedSince: Iso.nullable(),
        failedLast: Iso,
      }),
    )
    .meta({
      description:
        "whether the code that failed still runs, by the deploys seen; which version that is Kafka does not tell",
    }),
  sentBefore: z
    .array(z.object({ run: z.number().int(), items: z.number().int(), leftOut: z.boolean() }))
    .meta({ description: "replays that have sent, or have in hand, events of this choice" }),
});
export const RedrivePreview = z.object({
  kind: z.literal("redrive"),
  items: z.number().int(),
  excluded: z.array(z.object({ reason: z.string(), items: z.number().int() })),
  targets: z.array(
    z.object({
      cluster: z.string(),
      topic: z.string(),
      items: z.number().int(),
      by: z.enum(["topic", "retry_topic", "header"]).default("topic"),
      receivers: z
        .array(
          z.object({
            group: z.string(),
            failedThere: z.boolean(),
            probablyFailedThere: z.boolean().default(false).meta({
              description: "the dead letters name no group, and it is the only one that reads the topic they came from",
            }),
            declaredIdempotent: z
              .boolean()
              .default(false)
              .meta({ description: "by the configuration's replay.idempotentGroups; false: not known to be" }),
            trouble: z.string().nullable().default(null).meta({ description: "why it does not keep up now" }),
          }),
        )
        .meta({ description: "every group that reads the target and will see the events" }),
    }),
  ),
  keys: z.array(z.object({ key: z.string(), items: z.number().int() })),
  leftOut: z
    .array(z.object({ reason: z.string(), items: z.number().int() }))
    .default([])
    .meta({ description: "by choice; these can be chosen again" }),
  partitions: z
    .array(z.object({ topic: z.string(), partition: z.number().int().nullable(), items: z.number().int() }))
    .default([])
    .meta({ description: "those with the most events; null: by key" }),
  stale: z
    .object({
      items: z
        .number()
        .int()
        .nullable()
        .meta({ description: "events whose key has since had a newer one; null: not known" }),
      choice: z.enum(["ask", "send", "skip", "newest"]),
    })
    .default({ items: 0, choice: "send" }),
  excludedByHand: z.array(z.number().int()).default([]),
  checks: RedriveChecks.optional(),
  plainItems: z.number().int().default(0).meta({
    description:
      "of the items, those that are no dead letters: groups of the target that had consumed them well see them again too",
  }),
  createTopic: z
    .object({ topic: z.string(), partitions: z.number().int() })
    .optional()
    .meta({ description: "the sandbox topic that is created when it is run" }),
  to: RedriveTo.default({ how: "topic" }),
  ratePerSecond: z.number(),
  canary: CanaryInput.default({ items: 0, timeoutSeconds: 120, then: "pause" }),
  stopAbove: z.number().default(1),
  cli: z.string(),
});
export const ReplayRow = z
  .object({
    id: z.number().int(),
    kind: z.enum(["offset_reset", "redrive", "skip"]),
    status: ReplayStatus,
    cluster: z.string(),
    group: z.string().nullable(),
    createdBy: z.string(),
    reason: z.string(),
    createdAt: Iso,
    startedAt: Iso.nullable(),
    finishedAt: Iso.nullable(),
    error: z.string().nullable(),
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
  status: z.enum(["pending", "sending", "sent", "skipped", "failed"]),
  detail: z.string().nullable(),
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
  group: z.string().max(255).optional(),
  status: ReplayStatus.optional(),
});
export const ReplaysView = pageOf(ReplayRow).meta({ id: "Replays" });

export type ReplayPlanInput = z.infer<typeof ReplayPlanInput>;
export type ReplayItemEditView = z.infer<typeof ReplayItemEditView>;
export type ReplayItemEdit = z.infer<typeof ReplayItemEdit>;
export type ReplayChoiceInput = z.infer<typeof ReplayChoiceInput>;
export type OffsetResetPlanInput = z.infer<typeof OffsetResetPlanInput>;
export type RedrivePlanInput = z.infer<typeof RedrivePlanInput>;
export type ReplayRunInput = z.input<typeof ReplayRunInput>;
export type OffsetResetPreview = z.infer<typeof OffsetResetPreview>;
export type SkipPlanInput = z.infer<typeof SkipPlanInput>;
export type SkipPreview = z.infer<typeof SkipPreview>;
export type RedrivePreview = z.infer<typeof RedrivePreview>;
export type ReplayRow = z.infer<typeof ReplayRow>;
export type ReplayItemRow = z.infer<typeof ReplayItemRow>;
export type ReplayView = z.infer<typeof ReplayView>;
export type ReplaysQuery = z.infer<typeof ReplaysQuery>;
export type ReplaysView = z.infer<typeof ReplaysView>;
export type ReplayStatus = z.infer<typeof ReplayStatus>;
