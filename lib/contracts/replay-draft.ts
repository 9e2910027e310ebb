/** Changing the items of a draft before it runs. */
import { z } from "zod";

/** As in `preview.namedTargets`; of the same target, each dead-letter topic is confirmed by itself. */
const NamedTargets = z
  .array(
    z.object({
      source: z.string().min(1).max(249).meta({ description: "the dead-letter topic" }),
      topic: z.string().min(1).max(249).meta({ description: "the target that its records name" }),
    }),
  )
  .max(1000);

/** POST /api/replays/{id}/choose: changes a draft's items; what is not said stays. */
export const ReplayChoiceInput = z.object({
  stale: z.enum(["send", "skip", "newest"]).optional(),
  exclude: z
    .array(z.number().int().min(0))
    .max(10_000)
    .optional()
    .meta({ description: "items left out by hand, by seq" }),
  include: z.array(z.number().int().min(0)).max(10_000).optional(),
  confirmTargets: NamedTargets.optional().meta({
    description:
      "those of `preview.namedTargets` to which the events of that dead-letter topic are sent after all; " +
      "what other dead-letter topics have for the same target stays as it is",
  }),
  withdrawTargets: NamedTargets.optional(),
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
export type ReplayItemEdit = z.infer<typeof ReplayItemEdit>;
export type ReplayChoiceInput = z.infer<typeof ReplayChoiceInput>;
