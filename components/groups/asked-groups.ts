/** What an address asks of the groups. Read by the pages on the server too, so this is no client module. */
import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { clampMinutes } from "#components/time/asked-time.ts";
import { Verdict } from "#lib/contracts/common.ts";

export const SORTS = ["severity", "lag", "timeLag", "name"] as const;

export const GROUPS_PARSERS = {
  q: parseAsString.withDefault(""),
  topic: parseAsString.withDefault(""),
  verdict: parseAsStringLiteral(Verdict.options),
  sort: parseAsStringLiteral(SORTS).withDefault("severity"),
  cursor: parseAsString,
};
export const askedGroups = createLoader(GROUPS_PARSERS);

/** One group over the time looked at. */
export const groupQuestion = ({ minutes, at }: { readonly minutes: number; readonly at: Date | null }) => ({ minutes: clampMinutes(minutes), at: at?.toISOString() });
