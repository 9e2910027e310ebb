/** Builds the state of an entity from the events of its key, one by one. */
import type { Json } from "./json-value.ts";
import { isObject } from "./json-value.ts";
import type { Merge } from "./merge-rule.ts";
import { mergePatch } from "./merge-patch.ts";

/**
 * What an event contributes to the state: a body to merge, the result of a reducer (undefined: the entity no longer
 * exists), a deletion, nothing because it is a copy of another event (a dead letter or a retry), or an unknown change.
 */
export type Contribution =
  | { readonly kind: "body"; readonly value: Json; readonly merge: Merge }
  | { readonly kind: "reduced"; readonly value: Json | undefined }
  | { readonly kind: "tombstone" }
  | { readonly kind: "copy" }
  | { readonly kind: "gap"; readonly reason: string };

export interface EntityState {
  /** undefined: the entity does not exist (yet, or any more) */
  readonly value: Json | undefined;
  /** why the state may be incomplete; null: no event that Flowtap keeps is missing */
  readonly missing: string | null;
}

export const NO_STATE: EntityState = { value: undefined, missing: null };

/** The state becomes unknown when its JSON is longer than this. */
export const MAX_STATE_CHARS = 262_144;

/** The state after an event. An event that replaces the whole state makes it complete again. */
export function nextState(before: EntityState, event: Contribution): EntityState {
  switch (event.kind) {
    case "copy":
      return before;
    case "tombstone":
      return NO_STATE;
    case "gap":
      return { value: before.value, missing: before.missing ?? event.reason };
    case "body": {
      const replaces = event.merge === "snapshot" || !isObject(event.value);
      return bounded(replaces ? event.value : mergePatch(before.value, event.value), replaces ? null : before.missing);
    }
    case "reduced":
      return bounded(event.value, before.missing);
  }
}

const bounded = (value: Json | undefined, missing: string | null): EntityState =>
  value !== undefined && JSON.stringify(value).length > MAX_STATE_CHARS
    ? { value: undefined, missing: `the state grew beyond ${MAX_STATE_CHARS / 1024} KiB` }
    : { value, missing };
