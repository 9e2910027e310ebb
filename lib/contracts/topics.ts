import { z } from "zod";
import { TOPIC_ROLES } from "#lib/domain/flow/rows.ts";
import { Decimal, Iso, PageQuery, Verdict, pageOf } from "./common.ts";
import { MessageView } from "./events.ts";

export const TopicsQuery = PageQuery.extend({
  cluster: z.string().max(100).optional(),
  q: z.string().max(249).optional(),
  role: z.enum(TOPIC_ROLES).optional(),
  sort: z.enum(["rate", "name", "size"]).default("rate"),
});
export const TopicRow = z
  .object({
    cluster: z.string(),
    topic: z.string(),
    role: z.enum(TOPIC_ROLES),
    sourceTopic: z.string().nullable(),
    partitions: z.number().int(),
    tapped: z.boolean(),
    inRate: z.number(),
    bytesPerSecond: z.number(),
    producers: z.array(z.string()),
    groups: z.array(z.string()).meta({ description: "the first fifty groups that read it, by name" }),
    groupCount: z.number().int().meta({ description: "the number of all groups that read it" }),
    /** messages between log start and end, over all partitions */
    messages: Decimal,
    tapBehind: Decimal,
    retentionMs: z.number().nullable(),
    cleanupPolicy: z.string().nullable(),
    spark: z.array(z.number()),
  })
  .meta({ id: "Topic" });
export const TopicsView = pageOf(TopicRow).meta({ id: "Topics" });

export const TopicQuery = z.object({
  minutes: z.coerce.number().int().min(5).max(1440).default(30),
  at: Iso.optional(),
});
export const TopicView = z
  .object({
    row: TopicRow,
    partitions: z.array(
      z.object({
        partition: z.number(),
        logStartOffset: Decimal,
        endOffset: Decimal,
        tapNext: Decimal.nullable(),
        leader: z.number().nullable(),
        share: z.number(),
      }),
    ),
    faults: z
      .array(z.object({ partition: z.number(), reason: z.string(), since: Iso }))
      .meta({ description: "partitions that Flowtap cannot read at the moment; the first fifty" }),
    generationOf: z
      .string()
      .nullable()
      .meta({ description: "the topic of which this is what was read before it was made anew or truncated" }),
    goneAt: Iso.nullable().meta({ description: "since when the broker has it no longer" }),
    formerGenerations: z
      .array(z.object({ topic: z.string(), goneAt: Iso }))
      .meta({ description: "what was read of the topic before it was made anew or truncated; the latest first" }),
    types: z.array(
      z.object({
        type: z.string(),
        schemaVersion: z.string(),
        service: z.string(),
        events: z.number(),
        ratePerSecond: z.number(),
        firstSeenAt: Iso,
      }),
    ),
    groups: z.array(
      z.object({ group: z.string(), verdict: Verdict, lagMessages: Decimal, timeLagMs: z.number().nullable() }),
    ),
    stepSeconds: z.number(),
    series: z.array(
      z.object({ at: Iso, byType: z.record(z.string(), z.number()), bytes: z.number(), errors: z.number() }),
    ),
  })
  .meta({ id: "TopicDetail" });

/** Messages read from the broker, the newest last. */
export const MessagesQuery = z.object({
  partition: z.coerce.number().int().min(0).optional(),
  offset: Decimal.optional(),
  at: Iso.optional().meta({ description: "from the first message at or after this time" }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const MessagesView = z
  .object({
    items: z.array(MessageView),
    searched: z
      .array(z.object({ partition: z.number(), from: Decimal, to: Decimal }))
      .meta({ description: "the offsets that were read" }),
  })
  .meta({ id: "Messages" });

/**
 * GET …/tail (server-sent events): `messages` with a TailFrame as messages are written, `fault` with an ErrorBody while
 * the broker cannot be read.
 */
export const TailQuery = MessagesQuery.pick({ partition: true });
export const TailFrame = z.object({
  items: z.array(MessageView),
  skipped: z.number().int().meta({ description: "messages left out because they arrived too fast to be shown" }),
});

export type TailQuery = z.infer<typeof TailQuery>;
export type TailFrame = z.infer<typeof TailFrame>;
export type TopicsQuery = z.infer<typeof TopicsQuery>;
export type TopicQuery = z.infer<typeof TopicQuery>;
export type TopicRow = z.infer<typeof TopicRow>;
export type TopicsView = z.infer<typeof TopicsView>;
export type TopicView = z.infer<typeof TopicView>;
export type MessagesQuery = z.infer<typeof MessagesQuery>;
export type MessagesView = z.infer<typeof MessagesView>;
