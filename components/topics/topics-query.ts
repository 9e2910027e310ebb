/** What an address asks of the topics. Read by the page on the server too, so this is no client module. */
import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { TOPIC_ROLES } from "#lib/domain/flow/rows.ts";

export const SORTS = ["rate", "name", "size"] as const;

export const TOPICS_PARSERS = {
  q: parseAsString.withDefault(""),
  role: parseAsStringLiteral(TOPIC_ROLES),
  sort: parseAsStringLiteral(SORTS).withDefault("rate"),
  cursor: parseAsString,
};
export const topicsQuery = createLoader(TOPICS_PARSERS);
