import { isObject, memberOf, type Json } from "./json-value.ts";

/**
 * Applies a JSON Merge Patch (RFC 7396): members are replaced, null removes one, and a patch that is no object replaces
 * the whole target. Neither argument is changed.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  // In a Map, __proto__ is a name like any other.
  const members = new Map<string, Json>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, mergePatch(isObject(target) ? memberOf(target, name) : undefined, value));
  }
  return Object.fromEntries(members);
}
