/** Which JSON Schema the bodies of which events are to match. */
import { z } from "zod";

const glob = z.string().min(1).max(300);

export const SchemasConfig = z
  .array(
    z
      .strictObject({
        type: glob.optional(),
        // A number of YAML has lost how it was written: 1.0 and 1 are one.
        version: z.string({ error: 'must be text; put it in quotes, such as "2"' }).min(1).max(100).optional(),
        topic: glob.optional(),
        /** from the working directory, as other files */
        file: z.string().min(1).max(1000),
      })
      .refine(
        ({ type, topic }) => type !== undefined || topic !== undefined,
        "needs a type or a topic (globs), or it would be every event's",
      ),
  )
  .max(500)
  .default([]);
