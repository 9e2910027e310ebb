/** What a plan says before anything is sent or moved. */
import { z } from "zod";
import { Decimal, Iso } from "./common.ts";
import { RedriveChecks } from "./redrive-checks.ts";
import { CanaryInput, RedriveTime, RedriveTo } from "./replay-input.ts";

export const OffsetResetPreview = z.object({
  kind: z.literal("offset_reset"),
  group: z.string(),
  cluster: z.string(),
  members: z
    .array(z.object({ clientId: z.string(), host: z.string() }))
    .meta({ description: "who is connected; a reset needs an empty group" }),
  emptySince: Iso.nullable()
    .default(null)
    .meta({ description: "of a group without members: since when; null: not known" }),
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
  emptySince: OffsetResetPreview.shape.emptySince,
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
  namedTargets: z
    .array(
      z.object({
        source: z.string().meta({ description: "the dead-letter topic" }),
        topic: z.string(),
        items: z.number().int(),
        confirmed: z.boolean(),
      }),
    )
    .default([])
    .meta({
      description:
        "targets that only the headers of dead letters name, and that are not the usual source of their topic: " +
        "what goes there is left out until somebody confirms the target",
    }),
  excludedByHand: z.array(z.number().int()).default([]),
  checks: RedriveChecks.optional(),
  plainItems: z
    .number()
    .int()
    .default(0)
    .meta({
      description:
        "of the items, those that are no dead letters: " +
        "groups of the target that had consumed them well see them again too",
    }),
  createTopic: z
    .object({ topic: z.string(), partitions: z.number().int() })
    .optional()
    .meta({ description: "the sandbox topic that is created when it is run" }),
  to: RedriveTo.default({ how: "topic" }),
  time: RedriveTime.default("now"),
  ratePerSecond: z.number(),
  canary: CanaryInput.default({ items: 0, timeoutSeconds: 120, then: "pause" }),
  stopAbove: z.number().default(1),
  cli: z.string(),
});

export type OffsetResetPreview = z.infer<typeof OffsetResetPreview>;
export type SkipPreview = z.infer<typeof SkipPreview>;
export type RedrivePreview = z.infer<typeof RedrivePreview>;
