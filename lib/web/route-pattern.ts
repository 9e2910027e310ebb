import { fromUrlSegment } from "#lib/domain/text/url-segment.ts";

/** The keys of the route table, `GET /api/groups/{cluster}/{group}`, held against the path of a request. */

type Method = "GET" | "POST" | "DELETE";
export type RoutePattern = `${Method} /${string}`;

export function splitPattern(pattern: RoutePattern): [method: string, path: string] {
  const space = pattern.indexOf(" ");
  return [pattern.slice(0, space), pattern.slice(space + 1)];
}

/** The pattern's names as the path fills them; null: another path. Broken escapes do not get past the front door. */
export function paramsOf(pattern: RoutePattern, pathname: string): Record<string, string> | null {
  const wanted = splitPattern(pattern)[1].split("/");
  const given = pathname.split("/");
  if (!fits(wanted, given)) return null;
  return Object.fromEntries(
    wanted.flatMap((part, i) => (part.startsWith("{") ? [[part.slice(1, -1), fromUrlSegment(given[i] ?? "")]] : [])),
  );
}

/** The patterns of a path, one for each method it takes; none: there is no such path. */
export function patternsOf<P extends RoutePattern>(patterns: readonly P[], pathname: string): readonly P[] {
  const given = pathname.split("/");
  return patterns.filter((pattern) => fits(splitPattern(pattern)[1].split("/"), given));
}

const fits = (wanted: readonly string[], given: readonly string[]): boolean =>
  wanted.length === given.length &&
  wanted.every((part, i) => (part.startsWith("{") ? given[i] !== "" : part === given[i]));
