/** The topics in which a key occurs, and those that its entity is made of. */
import type { EntityQuery, EntityTopicsView } from "#lib/contracts/entities.ts";
import { ok } from "#lib/domain/result.ts";
import type { KeyTopic } from "#lib/store/events/entities-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { keyTopics } from "./key-topics.ts";

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

/** The topics asked for; else all of the cluster with the most events that are no copies of others. */
export function chooseTopics(known: readonly KeyTopic[], { cluster, topics }: EntityQuery): KeyTopic[] {
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

export function nothingFound(
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
