/** The state that the events of one key build, event by event. */
import type { Json } from "./json-value.ts";
import { isObject } from "./json-value.ts";
import type { Merge } from "./merge-rule.ts";
import { mergePatch } from "./merge-patch.ts";

/**
 * What an event brings: a body, the state a reducer made of it (undefined: none), the deletion, nothing because it only
 * tells again of another event (a dead letter, a retry), or something unknown.
 */
export type Contribution =
  | { readonly kind: "body"; readonly value: Json; readonly merge: Merge }
  | { readonly kind: "reduced"; readonly value: Json | undefined }
  | { readonly kind: "tombstone" }
  | { readonly kind: "copy" }
  | { readonly kind: "gap"; readonly reason: string };

export interface EntityState {
  /** undefined: it does not exist, not yet or no more */
  readonly value: Json | undefined;
  /** since when and why the state may lack something; null: nothing of what Flowtap keeps is missing */
  readonly missing: string | null;
}

export const NOTHING: EntityState = { value: undefined, missing: null };

/** A state larger than this, as JSON, is not carried on. */
export const MOST_STATE_CHARS = 262_144;

/**
 * The state after an event. What replaces the whole makes it complete again; a state that grows too large
 * becomes unknown.
 */
export function nextState(before: EntityState, event: Contribution): EntityState {
  switch (event.kind) {
    case "copy":
      return before;
    case "tombstone":
      return NOTHING;
    case "gap":
      return { value: before.value, missing: before.missing ?? event.reason };
    case "body": {
      const whole = event.merge === "snapshot" || !isObject(event.value);
      return bounded(whole ? event.value : mergePatch(before.value, event.value), whole ? null : before.missing);
    }
    case "reduced":
      return bounded(event.value, before.missing);
  }
}

const bounded = (value: Json | undefined, missing: string | null): EntityState =>
  value !== undefined && JSON.stringify(value).length > MOST_STATE_CHARS
    ? { value: undefined, missing: `the state grew beyond ${MOST_STATE_CHARS / 1024} KiB` }
    : { value, missing };
