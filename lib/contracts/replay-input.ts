/** What the API takes to plan a replay, to change its draft and to run it. */
import { z } from "zod";
import { Decimal, Iso, MOST_GROUP_CHARS } from "./common.ts";
import { ReplaySelection } from "./replay-selection.ts";

export const OffsetResetPlanInput = z.object({
  kind: z.literal("offset_reset"),
  cluster: z.string().max(100),
  group: z.string().max(MOST_GROUP_CHARS),
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
      .object({ how: z.literal("group"), group: z.string().min(1).max(MOST_GROUP_CHARS) })
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
export const RedriveTo = z.discriminatedUnion("how", [
  z.object({ how: z.literal("topic") }).meta({ description: "everybody who reads the target" }),
  z.object({ how: z.literal("group"), group: z.string().min(1).max(MOST_GROUP_CHARS) }).meta({
    description:
      "one group: by the retry topic only it reads, " +
      "else by the header flowtap-target-group, on which the others must filter",
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
export const RedriveTime = z.enum(["now", "original"]).meta({
  description:
    "the time that the events are sent with: of sending, or of their first publication; " +
    "a topic whose retention an old time has passed deletes such an event at once",
});
export const CanaryInput = z.object({
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
  stale: z
    .enum(["ask", "send", "skip", "newest"])
    .default("ask")
    .meta({
      description:
        "events whose key has since had a newer one: " +
        "choose in the draft, send all the same, leave them out, or send only the newest of each key",
    }),
  time: RedriveTime.default("now"),
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
  group: z.string().max(MOST_GROUP_CHARS),
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
/** POST /api/replays/{id}/run */
export const ReplayRunInput = z.object({
  reason: z.string().trim().min(3, "Say why, in three letters or more.").max(500),
  revision: z.number().int().min(1).optional().meta({
    description: "of the draft that was reviewed: refused if it was changed since; default: it is run as it is now",
  }),
  /** of what needs an empty group; 0: it must be empty now */
  waitForEmptySeconds: z.number().int().min(0).max(3600, "Wait an hour at most.").default(0).meta({
    description: "how long a reset may wait for the group to be empty; it is worked out anew at the moment it is",
  }),
});

export type ReplayPlanInput = z.infer<typeof ReplayPlanInput>;
export type OffsetResetPlanInput = z.infer<typeof OffsetResetPlanInput>;
export type RedrivePlanInput = z.infer<typeof RedrivePlanInput>;
export type ReplayRunInput = z.input<typeof ReplayRunInput>;
export type SkipPlanInput = z.infer<typeof SkipPlanInput>;
