/** The steps of an entity: what each event brought, and what it changed. */
import type { EntityStep } from "#lib/contracts/entities.ts";
import { eventIdOf } from "#lib/domain/message/event-id.ts";
import { diffJson } from "#lib/domain/entity/diff.ts";
import type { Json } from "#lib/domain/entity/json-value.ts";
import type { Merge } from "#lib/domain/entity/merge-rule.ts";
import type { Contribution, EntityState } from "#lib/domain/entity/state.ts";
import { EVENT_FLAG, hasFlag } from "#lib/domain/message/flags.ts";
import type { KeyEventColumns } from "#lib/store/events/entities-read.ts";
import { eventRow } from "#lib/store/events/recent-read.ts";
import type { Found } from "./entity-bodies.ts";

const MOST_CHANGES = 200;
const MOST_BODY_CHARS = 32_768;
const MOST_STATE_CHARS = 65_536;
export const keyEventId = (event: KeyEventColumns) => eventIdOf({ ...event, offset: event.position });
export const isCopy = (event: KeyEventColumns) =>
  hasFlag(event.flags, EVENT_FLAG.deadLetter) || hasFlag(event.flags, EVENT_FLAG.retryHop);

export function contributionOf(event: KeyEventColumns, found: Found | undefined, merge: Merge): Contribution {
  if (isCopy(event)) return { kind: "copy" };
  // Known from the index, so also when the tombstone itself has been compacted away.
  if (hasFlag(event.flags, EVENT_FLAG.tombstone)) return { kind: "tombstone" };
  if (found === undefined) return { kind: "gap", reason: "its body was not read" };
  return found.kind === "body" ? { ...found, merge } : found;
}

/** `contribution`: what the event itself holds; `brought`: what its rule made of it. */
export function stepOf(
  event: KeyEventColumns,
  contribution: Contribution,
  brought: Contribution,
  before: EntityState,
  after: EntityState,
): Omit<EntityStep, "fates" | "failureFingerprint"> {
  const { changes, more } =
    before.value === after.value ? { changes: [], more: false } : diffJson(before.value, after.value, MOST_CHANGES);
  const stateChars = after.value === undefined ? 0 : JSON.stringify(after.value).length;
  return {
    id: keyEventId(event),
    event: eventRow(event),
    brought: brought.kind === "reduced" ? "body" : brought.kind,
    note:
      brought.kind === "gap"
        ? brought.reason
        : brought.kind === "copy"
          ? "a dead letter or retry: it tells again of an event that is counted already"
          : null,
    merge: brought.kind === "reduced" ? "reducer" : brought.kind === "body" ? brought.merge : null,
    body: contribution.kind === "body" ? within(contribution.value, MOST_BODY_CHARS) : null,
    exists: after.value !== undefined,
    state: after.value === undefined || stateChars > MOST_STATE_CHARS ? null : mutable(after.value),
    stateChars,
    missing: after.missing,
    changes,
    moreChanges: more,
  };
}

const within = (value: Json, mostChars: number) => (JSON.stringify(value).length > mostChars ? null : mutable(value));
// zod's JSON type is not read-only, ours is; the value is only ever written out.
const mutable = (value: Json) => value as EntityStep["state"];
