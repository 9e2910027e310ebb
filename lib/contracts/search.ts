import { z } from "zod";

export const SearchQuery = z.object({
  q: z.string().trim().min(1).max(300),
  limit: z.coerce.number().int().min(1).max(50).default(12),
});
export const SearchHit = z.object({
  kind: z.enum(["trace", "event", "topic", "group", "service", "key"]),
  label: z.string(),
  detail: z.string(),
  /** the page of the hit, relative to the site's root */
  href: z.string(),
});
export const SearchView = z
  .object({
    hits: z.array(SearchHit),
    note: z.string().nullable().meta({ description: "how far back was searched, if not everything was" }),
  })
  .meta({ id: "Search" });

export type SearchQuery = z.infer<typeof SearchQuery>;
export type SearchHit = z.infer<typeof SearchHit>;
export type SearchView = z.infer<typeof SearchView>;
