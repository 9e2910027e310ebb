/** How the events of a key build the state that its page shows. */
import { z } from "zod";
import { compileReducer } from "./reducer.ts";

const glob = z.string().min(1).max(300);
const WHICH = { topic: glob.default("*"), type: glob.default("*") };

const Reducer = z
  .string()
  .min(1)
  .max(4000)
  .superRefine((expression, context) => {
    const compiled = compileReducer(expression);
    if (!compiled.ok)
      context.addIssue({ code: "custom", message: `is no JSONata expression that can be used: ${compiled.error}` });
  });

export const EntitiesConfig = z.strictObject({
  /** the first that holds for an event's topic and type */
  rules: z
    .array(
      z.discriminatedUnion("merge", [
        z.strictObject({ ...WHICH, merge: z.enum(["snapshot", "merge_patch"]) }),
        z.strictObject({ ...WHICH, merge: z.literal("reducer"), reducer: Reducer }),
      ]),
    )
    .max(1000)
    .default([]),
});
