import { isObject, memberOf, type Json } from "./json-value.ts";

/** One difference in the form of JSON Patch (RFC 6902); the values are JSON text, cut to 200 characters. */
export interface Change {
  readonly op: "add" | "replace" | "remove";
  /** JSON Pointer (RFC 6901); empty: the whole value */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

const VALUE_CHARS = 200;

/**
 * The changes from one value to the other, at most `limit`, and whether there are more. Undefined stands for "no
 * value". Arrays are compared index by index.
 */
export function diffJson(
  before: Json | undefined,
  after: Json | undefined,
  limit: number,
): { readonly changes: Change[]; readonly more: boolean } {
  const changes: Change[] = [];
  let more = false;
  const add = (op: Change["op"], path: string, from: Json | undefined, to: Json | undefined): void => {
    if (changes.length === limit) more = true;
    else changes.push({ op, path, before: shown(from), after: shown(to) });
  };
  const compare = (from: Json | undefined, to: Json | undefined, path: string): void => {
    if (more || from === to) return;
    if (from === undefined) return add("add", path, from, to);
    if (to === undefined) return add("remove", path, from, to);
    if (isObject(from) && isObject(to)) {
      for (const name of Object.keys(from)) compare(memberOf(from, name), memberOf(to, name), pointer(path, name));
      for (const name of Object.keys(to))
        if (!Object.hasOwn(from, name)) compare(undefined, to[name], pointer(path, name));
    } else if (Array.isArray(from) && Array.isArray(to)) {
      for (let i = 0; i < Math.max(from.length, to.length) && !more; i++)
        compare(from[i] as Json | undefined, to[i] as Json | undefined, `${path}/${i}`);
    } else add("replace", path, from, to);
  };
  compare(before, after, "");
  return { changes, more };
}

/** The JSON Pointer of a member of the value at `path`. */
export const pointer = (path: string, name: string): string =>
  `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;

function shown(value: Json | undefined): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length <= VALUE_CHARS ? text : `${text.slice(0, VALUE_CHARS - 1)}…`;
}
