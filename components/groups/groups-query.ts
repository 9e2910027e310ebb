/** What an address asks of the groups. Read by the pages on the server too, so this is no client module. */
import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { clampMinutes } from "#components/time/time-query.ts";
import { Verdict } from "#lib/contracts/common.ts";
import { CAUSES } from "#lib/domain/health/cause.ts";

export const SORTS = ["severity", "lag", "timeLag", "name"] as const;
export const STATES = ["stable", "rebalancing", "empty", "dead", "unknown"] as const;

export const GROUPS_PARSERS = {
  q: parseAsString.withDefault(""),
  cluster: parseAsString.withDefault(""),
  topic: parseAsString.withDefault(""),
  service: parseAsString.withDefault(""),
  verdict: parseAsStringLiteral(Verdict.options),
  cause: parseAsStringLiteral(CAUSES),
  state: parseAsStringLiteral(STATES),
  sort: parseAsStringLiteral(SORTS).withDefault("severity"),
  cursor: parseAsString,
};
export const groupsQuery = createLoader(GROUPS_PARSERS);

/** Which of an address's parameters are the list's filters, in their order: what a saved view keeps. */
export const FILTER_NAMES = ["q", "cluster", "topic", "service", "verdict", "cause", "state", "sort"] as const;

/** One group over the time looked at. */
export const groupQuestion = ({ minutes, at }: { readonly minutes: number; readonly at: Date | null }) => ({
  minutes: clampMinutes(minutes),
  at: at?.toISOString(),
});
