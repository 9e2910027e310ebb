import { isObject, memberOf, type Json } from "./json-value.ts";

/**
 * The target with the patch applied, as RFC 7396 says: members are replaced, null removes one, what is no object
 * replaces all. Neither is changed.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  // A Map keeps names such as __proto__ as what they are: names.
  const members = new Map<string, Json>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, mergePatch(isObject(target) ? memberOf(target, name) : undefined, value));
  }
  return Object.fromEntries(members);
}
