import type { EntityQuery, EntityStep, EntityView } from "#lib/contracts/entities.ts";
import { compare } from "#lib/domain/text/compare.ts";
import { isObject } from "#lib/domain/entity/json-value.ts";
import { mergeByShape, mergeRuleOf, type Merge, type MergeRule } from "#lib/domain/entity/merge-rule.ts";
import { nextState, NO_STATE, type EntityState } from "#lib/domain/entity/state.ts";
import { EVENT_FLAG, hasFlag } from "#lib/domain/message/flags.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readKeyEvents, type KeyEventColumns } from "#lib/store/events/entities-read.ts";
import { readDeadLettersOfEvents, readFates } from "#lib/store/events/fates-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { readBodies, type Found } from "./entity-bodies.ts";
import { openReducers } from "./entity-reducers.ts";
import { keyEventId, isCopy, contributionOf, stepOf } from "./entity-steps.ts";
import { chooseTopics, nothingFound } from "./entity-topics.ts";
import { fatesOf } from "./fates.ts";
import { keyTopics } from "./key-topics.ts";

/** Of an entity with more events only the last ones are applied; the answer says that there are earlier ones. */
const MOST_EVENTS = 500;
const EVENTS_BUDGET_MS = 2000;
const BODIES_BUDGET_MS = 4000;
const REDUCE_BUDGET_MS = 2000;
/** As long as the index keeps keys; half a character may have been cut off. */
const CUT_KEY_CHARS = 199;

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

  const asked = query.event === undefined ? -1 : events.findIndex((event) => keyEventId(event) === query.event);
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
  const reducers = openReducers(key, REDUCE_BUDGET_MS);
  try {
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
          ? await reducers.reduce(rule.reducer, event, before, contribution.value)
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
  } finally {
    await reducers.close();
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
      id: keyEventId(event),
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

const inOrder = (a: KeyEventColumns, b: KeyEventColumns) =>
  a.occurredAt.getTime() - b.occurredAt.getTime() ||
  compare(a.topic, b.topic) ||
  a.partition - b.partition ||
  compare(a.position, b.position);

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
