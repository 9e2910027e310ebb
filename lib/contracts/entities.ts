import { z } from "zod";
import { TOPIC_ROLES } from "#lib/domain/flow/rows.ts";
import { Decimal, Iso } from "./common.ts";
import { EventRow, Fate } from "./events.ts";

/** A key as the event index stores it: text of at most 200 characters, or 0x and hex. */
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
          role: z.enum(TOPIC_ROLES),
          sandbox: z.boolean().meta({ description: "a sandbox of replays, which no group reads" }),
          events: z.number().int(),
          firstAt: Iso,
          lastAt: Iso,
        }),
      )
      .meta({ description: "the topic with the most events first" }),
    searchedFrom: Iso.meta({ description: "all kept events stored since then were searched" }),
    more: z.boolean().meta({ description: "the time limit ended the search before all kept events were searched" }),
  })
  .meta({ id: "EntityTopics" });

export const EntityPath = z.object({ key });
export const EntityQuery = z.object({
  cluster: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: "default: the cluster with the most events of the key" }),
  topics: z.string().max(2500).optional().meta({
    description: "names separated by commas; default: all event topics of the cluster but sandboxes",
  }),
  merge: z
    .enum(["auto", "snapshot", "merge_patch"])
    .default("auto")
    .meta({ description: "auto: by the configured rules, else by the shape of the bodies" }),
  event: z
    .string()
    .max(400)
    .optional()
    .meta({ description: "an event's id: the page that contains it; default: the last page" }),
  limit: z.coerce.number().int().min(1).max(50).default(25),
});

const Change = z
  .object({
    op: z.enum(["add", "replace", "remove"]),
    path: z.string().meta({ description: "JSON Pointer" }),
    before: z.string().nullable(),
    after: z.string().nullable(),
  })
  .meta({ description: "as in JSON Patch; the values are JSON text, cut" });
export const EntityStep = z
  .object({
    id: z.string(),
    event: EventRow,
    /**
     * what the event contributed: a body; a tombstone, which deletes; a copy, which changes nothing; a gap: its body is
     * unknown
     */
    brought: z.enum(["body", "tombstone", "copy", "gap"]),
    note: z.string().nullable().meta({ description: "the reason of a copy or a gap" }),
    merge: z.enum(["snapshot", "merge_patch", "reducer"]).nullable(),
    body: z.json().nullable().meta({ description: "the body that was merged; null: none, or larger than 32 KiB" }),
    exists: z.boolean().meta({ description: "whether the entity exists after the event" }),
    state: z
      .json()
      .nullable()
      .meta({ description: "after the event; null if the entity does not exist or its state is larger than 64 KiB" }),
    stateChars: z.number().int(),
    missing: z
      .string()
      .nullable()
      .meta({ description: "why the state may be incomplete; null: no kept event is missing" }),
    changes: z.array(Change),
    moreChanges: z.boolean(),
    fates: z.array(Fate),
    failureFingerprint: z.string().nullable(),
  })
  .meta({ id: "EntityStep" });
export const EntityView = z
  .object({
    key,
    keyIsCut: z.boolean().meta({
      description: "the key has the maximum stored length: events of longer keys with the same beginning are included",
    }),
    cluster: z.string(),
    topics: z.array(z.string()),
    merge: z.object({
      by: z.enum(["rules", "shape", "choice"]),
      without: z.enum(["snapshot", "merge_patch"]).meta({ description: "how events are merged that no rule matches" }),
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
      .meta({ description: "all events, ordered by time, topic, partition and offset" }),
    earlierLeftOut: z.boolean().meta({ description: "there are or may be earlier events than the first one here" }),
    from: z.number().int().meta({ description: "the index of the first step in the timeline" }),
    steps: z.array(EntityStep),
    readAt: Iso,
  })
  .meta({ id: "Entity" });

export type EntityTopicsQuery = z.infer<typeof EntityTopicsQuery>;
export type EntityTopicsView = z.infer<typeof EntityTopicsView>;
export type EntityQuery = z.infer<typeof EntityQuery>;
export type EntityStep = z.infer<typeof EntityStep>;
export type EntityView = z.infer<typeof EntityView>;
