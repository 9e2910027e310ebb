/**
 * A JSON value. Member names come from producers, so read objects only with `memberOf` and build them only with
 * Object.fromEntries: `__proto__` is then a name like any other.
 */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Whether the value is a JSON object, neither an array nor null. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object's own member of that name; undefined if it has none. */
export const memberOf = (value: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined;
