/**
 * A JSON value as decoders hand it out. Names come from a broker: objects are only ever read by their own members and
 * built by Object.fromEntries.
 */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Whether the value is a JSON object, and neither an array nor null. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object's own member of that name; undefined where it has none. */
export const memberOf = (value: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined;
