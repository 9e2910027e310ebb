import { z } from "zod";
import { Decimal, Iso } from "./common.ts";
import { EventRow, Fate } from "./events.ts";

/** Keys as the event index keeps them: text of at most 200 characters, or 0x and hex. */
const key = z.string().min(1).max(300);

export const EntityTopicsQuery = z.object({ key });
export const EntityTopicsView = z
  .object({
    key,
    topics: z
      .array(
        z.object({
          cluster: z.string(),
          topic: z.string(),
          role: z.enum(["event", "retry", "dead_letter", "internal"]),
          sandbox: z.boolean().meta({ description: "replays were sent there for nobody to consume" }),
          events: z.number().int(),
          firstAt: Iso,
          lastAt: Iso,
        }),
      )
      .meta({ description: "the one with the most events first" }),
    searchedFrom: Iso.meta({ description: "everything kept and stored since then was looked at" }),
    more: z.boolean().meta({ description: "time ran out before all that is kept was looked at" }),
  })
  .meta({ id: "EntityTopics" });

export const EntityPath = z.object({ key });
export const EntityQuery = z.object({
  cluster: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: "default: the one with the most events of the key" }),
  topics: z.string().max(2500).optional().meta({
    description:
      "names with commas between; default: all of the cluster that are no dead-letter, retry, sandbox or internal topics",
  }),
  merge: z
    .enum(["auto", "snapshot", "merge_patch"])
    .default("auto")
    .meta({ description: "auto: by the configured rules, else by what the bodies look like" }),
  event: z
    .string()
    .max(400)
    .optional()
    .meta({ description: "an event's id: the page that holds it; default: the last page" }),
  limit: z.coerce.number().int().min(1).max(50).default(25),
});

const Change = z
  .object({
    op: z.enum(["add", "replace", "remove"]),
    path: z.string().meta({ description: "JSON Pointer" }),
    before: z.string().nullable(),
    after: z.string().nullable(),
  })
  .meta({ description: "as JSON Patch says it; the values as JSON, cut" });
export const EntityStep = z
  .object({
    id: z.string(),
    event: EventRow,
    /**
     * what it brought: a body; a tombstone, which deletes; a copy, which changes nothing; a gap: its body is not known
     */
    brought: z.enum(["body", "tombstone", "copy", "gap"]),
    note: z.string().nullable().meta({ description: "of a copy or a gap: why" }),
    merge: z.enum(["snapshot", "merge_patch", "reducer"]).nullable(),
    body: z.json().nullable().meta({ description: "what was merged; null: nothing, or larger than 32 KiB" }),
    exists: z.boolean().meta({ description: "whether the entity exists after it" }),
    state: z.json().nullable().meta({ description: "after it; null when it does not exist, or is larger than 64 KiB" }),
    stateChars: z.number().int(),
    missing: z
      .string()
      .nullable()
      .meta({ description: "why the state may lack something; null: nothing of what is kept is missing" }),
    changes: z.array(Change),
    moreChanges: z.boolean(),
    fates: z.array(Fate),
    failureFingerprint: z.string().nullable(),
  })
  .meta({ id: "EntityStep" });
export const EntityView = z
  .object({
    key,
    keyIsCut: z
      .boolean()
      .meta({ description: "the key is as long as keys are kept: longer ones that begin alike are among its events" }),
    cluster: z.string(),
    topics: z.array(z.string()),
    merge: z.object({
      by: z.enum(["rules", "look", "choice"]),
      without: z.enum(["snapshot", "merge_patch"]).meta({ description: "how events are merged that no rule names" }),
    }),
    timeline: z
      .array(
        z.object({
          id: z.string(),
          at: Iso,
          topic: z.string(),
          type: z.string().nullable(),
          tombstone: z.boolean(),
          deadLetter: z.boolean(),
          offset: Decimal,
        }),
      )
      .meta({ description: "all of them, in order of time, topic, partition and offset" }),
    earlierLeftOut: z.boolean().meta({ description: "there are, or may be, earlier events than the first here" }),
    from: z.number().int().meta({ description: "the place of the first step in the timeline" }),
    steps: z.array(EntityStep),
    readAt: Iso,
  })
  .meta({ id: "Entity" });

export type EntityTopicsQuery = z.infer<typeof EntityTopicsQuery>;
export type EntityTopicsView = z.infer<typeof EntityTopicsView>;
export type EntityQuery = z.infer<typeof EntityQuery>;
export type EntityStep = z.infer<typeof EntityStep>;
export type EntityView = z.infer<typeof EntityView>;
