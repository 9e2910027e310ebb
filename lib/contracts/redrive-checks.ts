/** What was checked before a redrive: sizes, bodies, schemas, deploys, earlier replays. */
import { z } from "zod";
import { Iso } from "./common.ts";

export const RedriveChecks = z.object({
  size: z.array(z.object({ topic: z.string(), maxBytes: z.number().int().nullable() })).meta({
    description:
      "the largest record each target takes (max.message.bytes, compressed); null: not told. " +
      "What is larger is left out",
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
  moved: z.number().int().default(0).meta({
    description: "events that go to another partition than they were first on, because newer events of their key do",
  }),
  sentBefore: z
    .array(z.object({ run: z.number().int(), items: z.number().int(), leftOut: z.boolean() }))
    .meta({ description: "replays that have sent, or have in hand, events of this choice" }),
});
