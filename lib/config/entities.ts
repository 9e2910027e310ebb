/** How the events of a key build the state that its page shows. */
import { z } from "zod";

const glob = z.string().min(1).max(300);

export const EntitiesConfig = z.strictObject({
  /** the first that holds for an event's topic and type */
  rules: z.array(z.strictObject({ topic: glob.default("*"), type: glob.default("*"), merge: z.enum(["snapshot", "merge_patch"]) })).max(1000).default([]),
});
