import { z } from "zod";
import { Iso } from "./common.ts";

const ViewPage = z.enum(["groups"]);

/** A list's filters that somebody keeps under a name; everybody sees them. */
export const SavedView = z
  .object({
    id: z.number().int(),
    page: ViewPage,
    name: z.string(),
    query: z.string().meta({ description: "of the page's address, without the question mark" }),
    createdBy: z.string(),
    createdAt: Iso,
  })
  .meta({ id: "SavedView" });
export const SavedViewsQuery = z.object({ page: ViewPage });
export const SavedViewsView = z.object({ items: z.array(SavedView) }).meta({ id: "SavedViews" });
/** A name that is taken already is kept for the new filters. */
export const SavedViewInput = z.object({
  page: ViewPage,
  name: z.string().trim().min(1).max(80),
  query: z.string().max(2000),
});

export type SavedView = z.infer<typeof SavedView>;
export type SavedViewInput = z.infer<typeof SavedViewInput>;
export type SavedViewsView = z.infer<typeof SavedViewsView>;
