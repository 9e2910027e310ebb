/** What an address asks of the incidents. Read by the pages on the server too, so this is no client module. */
import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { CAUSES } from "#lib/domain/health/cause.ts";

export const INCIDENTS_PARSERS = {
  group: parseAsString.withDefault(""),
  cause: parseAsStringLiteral(CAUSES),
  open: parseAsStringLiteral(["yes", "no"] as const),
  cursor: parseAsString,
};
export const incidentsQuery = createLoader(INCIDENTS_PARSERS);
