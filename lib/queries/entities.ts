import type { EntityQuery, EntityStep, EntityTopicsView, EntityView } from "#lib/contracts/entities.ts";
import { compare } from "#lib/domain/text/compare.ts";
import { eventIdOf } from "#lib/domain/message/event-id.ts";
import { diffJson } from "#lib/domain/entity/diff.ts";
import { isObject, type Json } from "#lib/domain/entity/json-value.ts";
import { mergeByShape, mergeRuleOf, type Merge, type MergeRule } from "#lib/domain/entity/merge-rule.ts";
import { nextState, NO_STATE, type Contribution, type EntityState } from "#lib/domain/entity/state.ts";
import { EVENT_FLAG, hasFlag } from "#lib/domain/message/flags.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readKeyEvents, type KeyEventColumns, type KeyTopic } from "#lib/store/events/entities-read.ts";
import { eventRow } from "#lib/store/events/recent-read.ts";
import { readDeadLettersOfEvents, readFates } from "#lib/store/events/fates-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { readBodies, type Found } from "./entity-bodies.ts";
import { openReducers } from "./entity-reducers.ts";
import { fatesOf } from "./fates.ts";
import { keyTopics } from "./key-topics.ts";

/** Of an entity with more events only the last ones are applied; the answer says that there are earlier ones. */
const MOST_EVENTS = 500;
const EVENTS_BUDGET_MS = 2000;
const BODIES_BUDGET_MS = 4000;
const REDUCE_BUDGET_MS = 2000;
const MOST_CHANGES = 200;
const MOST_BODY_CHARS = 32_768;
const MOST_STATE_CHARS = 65_536;
/** As long as the index keeps keys; half a character may have been cut off. */
const CUT_KEY_CHARS = 199;

/** Where a key occurs. */
export async function listEntityTopics({ prisma }: Pick<QueryDeps, "prisma">, key: string): Answer<EntityTopicsView> {
  const { topics, searchedFrom, more } = await keyTopics(prisma, key);
  return ok({
    key,
    topics: topics.map(({ destinationId: _, ...topic }) => ({
      ...topic,
      firstAt: topic.firstAt.toISOString(),
      lastAt: topic.lastAt.toISOString(),
    })),
    searchedFrom: searchedFrom.toISOString(),
    more,
  });
}

/** The events of one key in order, and the state after each of one page of them. */
export async function getEntity(
  deps: QueryDeps,
  rules: readonly MergeRule[],
  key: string,
  query: EntityQuery,
): Answer<EntityView> {
  const known = await keyTopics(deps.prisma, key);
  const chosen = chooseTopics(known.topics, query);
  const cluster = chosen[0]?.cluster ?? "";
  const reader = deps.readerOf(cluster);
  if (chosen.length === 0 || reader === null)
    return err({ code: "not_found", message: nothingFound(key, query, known.topics, known.searchedFrom) });

  const found = await readKeyEvents(
    deps.prisma,
    key,
    chosen.map(({ destinationId }) => destinationId),
    MOST_EVENTS,
    EVENTS_BUDGET_MS,
  );
  const events = found.events.toSorted(inOrder);
  const bodies = await readBodies(reader, key, events, BODIES_BUDGET_MS);
  const without = query.merge === "auto" ? shapeOf(rules, events, bodies) : query.merge;
  const ruleOf = (event: KeyEventColumns) =>
    query.merge === "auto" ? mergeRuleOf(rules, event.topic, event.type) : null;
  const reduce = openReducers(key, REDUCE_BUDGET_MS);

  const asked = query.event === undefined ? -1 : events.findIndex((event) => idOf(event) === query.event);
  const from = Math.floor((asked < 0 ? Math.max(0, events.length - 1) : asked) / query.limit) * query.limit;
  const shown = events.slice(from, from + query.limit);
  const [readers, deadLetters] = await Promise.all([
    readFates(deps.prisma, shown),
    readDeadLettersOfEvents(deps.prisma, shown),
  ]);
  const fates = fatesOf(shown, readers, deadLetters);

  const steps: EntityStep[] = [];
  let state: EntityState = found.more
    ? { value: undefined, missing: "it has earlier events than are played here" }
    : NO_STATE;
  for (const [i, event] of events.entries()) {
    const before = state;
    const rule = ruleOf(event);
    const contribution = contributionOf(
      event,
      bodies[i],
      rule === null || rule.merge === "reducer" ? without : rule.merge,
    );
    const brought =
      rule?.merge === "reducer" && contribution.kind === "body"
        ? await reduce(rule.reducer, event, before, contribution.value)
        : contribution;
    state = nextState(before, brought);
    const index = i - from;
    if (index < 0) continue;
    if (index >= query.limit) break;
    steps.push({
      ...stepOf(event, contribution, brought, before, state),
      fates: fates[index] ?? [],
      failureFingerprint: deadLetters.find((deadLetter) => deadLetter.eventIndex === index)?.fingerprint ?? null,
    });
  }
  return ok({
    key,
    keyIsCut: key.length >= CUT_KEY_CHARS,
    cluster,
    topics: chosen.map(({ topic }) => topic),
    merge: {
      by: query.merge !== "auto" ? "choice" : events.some((event) => ruleOf(event) !== null) ? "rules" : "shape",
      without,
    },
    timeline: events.map((event) => ({
      id: idOf(event),
      at: event.occurredAt.toISOString(),
      topic: event.topic,
      type: event.type,
      tombstone: hasFlag(event.flags, EVENT_FLAG.tombstone),
      deadLetter: hasFlag(event.flags, EVENT_FLAG.deadLetter),
      offset: String(event.position),
    })),
    earlierLeftOut: found.more,
    from,
    steps,
    readAt: new Date(deps.now()).toISOString(),
  });
}

/** The topics asked for; else all of the cluster with the most events that are no copies of others. */
function chooseTopics(known: readonly KeyTopic[], { cluster, topics }: EntityQuery): KeyTopic[] {
  const wanted = topics === undefined ? null : new Set(topics.split(","));
  const fitting = known.filter(
    (topic) => (cluster === undefined || topic.cluster === cluster) && (wanted === null || wanted.has(topic.topic)),
  );
  const first = wanted === null ? (fitting.find(isSource) ?? fitting[0]) : fitting[0];
  return fitting.filter(
    (topic) => topic.cluster === first?.cluster && (wanted !== null || topic === first || isSource(topic)),
  );
}
const isSource = ({ role, sandbox }: KeyTopic) => role === "event" && !sandbox;

function nothingFound(
  key: string,
  { cluster, topics }: EntityQuery,
  known: readonly KeyTopic[],
  searchedFrom: Date,
): string {
  const where = [
    ...(topics === undefined ? [] : [topics.split(",").slice(0, 5).join(", ")]),
    ...(cluster === undefined ? [] : [cluster]),
  ].join(" of ");
  const shownKey = key.slice(0, 80);
  if (known.length > 0) {
    const searched = where || "a cluster that is configured";
    const elsewhere = known.slice(0, 5).map((one) => `${one.topic} of ${one.cluster}`);
    return `The key ${shownKey} has no events in ${searched}; it has some in ${elsewhere.join(", ")}.`;
  }
  const noEvent = `No event with the key ${shownKey} was stored since ${searchedFrom.toISOString()}`;
  return `${noEvent}. Keys must be whole, letter by letter.`;
}

const inOrder = (a: KeyEventColumns, b: KeyEventColumns) =>
  a.occurredAt.getTime() - b.occurredAt.getTime() ||
  compare(a.topic, b.topic) ||
  a.partition - b.partition ||
  compare(a.position, b.position);
const idOf = (event: KeyEventColumns) => eventIdOf({ ...event, offset: event.position });
const isCopy = (event: KeyEventColumns) =>
  hasFlag(event.flags, EVENT_FLAG.deadLetter) || hasFlag(event.flags, EVENT_FLAG.retryHop);

function shapeOf(rules: readonly MergeRule[], events: readonly KeyEventColumns[], bodies: readonly Found[]): Merge {
  return mergeByShape(
    events.flatMap((event, i) => {
      const body = bodies[i];
      return body?.kind === "body" &&
        isObject(body.value) &&
        !isCopy(event) &&
        mergeRuleOf(rules, event.topic, event.type) === null
        ? [{ topic: event.topic, members: Object.keys(body.value) }]
        : [];
    }),
  );
}

function contributionOf(event: KeyEventColumns, found: Found | undefined, merge: Merge): Contribution {
  if (isCopy(event)) return { kind: "copy" };
  // Known from the index, so also when the tombstone itself has been compacted away.
  if (hasFlag(event.flags, EVENT_FLAG.tombstone)) return { kind: "tombstone" };
  if (found === undefined) return { kind: "gap", reason: "its body was not read" };
  return found.kind === "body" ? { ...found, merge } : found;
}

/** `contribution`: what the event itself holds; `brought`: what its rule made of it. */
function stepOf(
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
    id: idOf(event),
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
