/** Which events a redrive sends again. */
import { z } from "zod";
import { Decimal, Iso, TraceId, MOST_GROUP_CHARS } from "./common.ts";

const Topic = z.string().min(1, "Name a topic.").max(249);
const Cluster = z.string().min(1, "Name a cluster.").max(100);
const Offset = z.string().regex(/^\d{1,18}$/, "An offset is a whole number from 0.");
const RangeFrom = z
  .union([z.object({ at: Iso }), z.object({ offset: Offset })])
  .meta({ description: "the first event at or after a time, or an offset" });
const RangeTo = z
  .union([
    z.object({ at: Iso.meta({ description: "events before this time" }) }),
    z.object({ offset: Offset.meta({ description: "the last one, itself included" }) }),
  ])
  .meta({ description: "default: to the end as it is now" });

export const ReplaySelection = z
  .discriminatedUnion("by", [
    z
      .object({
        by: z.literal("fingerprint"),
        fingerprint: z.string().min(1).max(64),
        group: z
          .string()
          .max(MOST_GROUP_CHARS)
          .optional()
          .meta({ description: "only those that failed in this group" }),
        key: z.string().max(1000).optional().meta({ description: "only those of this key" }),
        from: Iso.optional().meta({ description: "only those that failed at this time or later" }),
        to: Iso.optional().meta({ description: "only those that failed before this time" }),
      })
      .meta({ description: "dead letters by what went wrong" }),
    z
      .object({
        by: z.literal("failures"),
        ids: z
          .array(Decimal)
          .min(1, "Choose at least one dead letter.")
          .max(5000, "Choose 5,000 dead letters at most, or choose them by their fingerprint."),
      })
      .meta({ description: "dead letters one by one" }),
    z
      .object({
        by: z.literal("trace"),
        traceId: TraceId,
        failedOnly: z.boolean().default(false).meta({ description: "only its dead letters" }),
      })
      .meta({ description: "the events of a trace" }),
    z
      .object({
        by: z.literal("key"),
        cluster: Cluster,
        key: z.string().min(1, "Name a key.").max(1000),
        topics: z.array(Topic).max(100).optional().meta({ description: "default: every topic" }),
      })
      .meta({ description: "the events of a key" }),
    z
      .object({
        by: z.literal("range"),
        cluster: Cluster,
        topic: Topic,
        partitions: z
          .array(z.number().int().min(0))
          .min(1, "Choose at least one partition, or leave them out for all.")
          .max(1000)
          .optional()
          .meta({ description: "default: all" }),
        from: RangeFrom,
        to: RangeTo.optional(),
      })
      .meta({ description: "a stretch of a topic; of a dead-letter topic its dead letters" }),
  ])
  .meta({ id: "ReplaySelection" });

export type ReplaySelection = z.infer<typeof ReplaySelection>;
