/**
 * From the producers of a cluster to its publishers: processes that are one service, or seem to be one. What is only
 * supposed is offered, and counts nowhere until somebody takes it over.
 */
import type { PublisherRule } from "./rules.ts";

export interface ProducerFacts {
  /** the service that its records name; null: none, or several */
  readonly service: string | null;
  /** the consumer group that its process is */
  readonly group: string | null;
  /** its transactions commit the group's offsets; else the group's commits follow its writes */
  readonly isGroupExact: boolean;
  /** the service of that group, where it is known by other means */
  readonly groupService: string | null;
  readonly destinations: readonly {
    readonly topic: string;
    readonly records: number;
    /** how many of them name a service themselves */
    readonly namedRecords: number;
  }[];
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/**
 * How the publisher is known: a record names its service, its transactions commit a group's offsets, a group's commits
 * follow its writes, or not at all.
 */
export const PUBLISHER_EVIDENCE = ["record", "transaction", "commits", "together"] as const;
export type PublisherEvidence = (typeof PUBLISHER_EVIDENCE)[number];

export interface PublisherTopic {
  readonly topic: string;
  readonly records: number;
  readonly namedRecords: number;
  /** nobody else was seen writing to it */
  readonly isOnlyWriter: boolean;
}

export interface PublisherCandidate {
  readonly name: string;
  readonly evidence: PublisherEvidence;
  readonly group: string | null;
  readonly topics: readonly PublisherTopic[];
  /** running producers, now or within the last day */
  readonly producers: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** what it would be to take it over */
  readonly rules: readonly PublisherRule[];
}

/** Producers with more different sets of topics than this are not compared with each other. */
const MAX_SETS = 500;
const TOPICS_IN_NAME = 3;

interface Publisher {
  readonly service: string | null;
  readonly group: string | null;
  readonly groupService: string | null;
  readonly producers: ProducerFacts[];
}

/** `unknown`: topics to which records were written that the broker knows no producer of. */
export function publisherCandidates(
  producers: readonly ProducerFacts[],
  unknown: ReadonlySet<string>,
): PublisherCandidate[] {
  const publishers = [
    ...Map.groupBy(
      producers.filter((one) => nameOf(one) !== null),
      (one) => `${one.service === null ? "group" : "service"} ${nameOf(one)}`,
    ).values(),
    ...writtenTogether(producers.filter((one) => nameOf(one) === null)),
  ].map(publisherOf);
  const writers = new Map<string, number>();
  for (const { producers: own } of publishers)
    for (const topic of topicsOf(own)) writers.set(topic, (writers.get(topic) ?? 0) + 1);
  return publishers.map((publisher) =>
    candidateOf(publisher, (topic) => writers.get(topic) === 1 && !unknown.has(topic)),
  );
}

const nameOf = ({ service, group }: ProducerFacts): string | null => service ?? group;

const publisherOf = (producers: ProducerFacts[]): Publisher => ({
  service: producers[0]?.service ?? null,
  group: oneOf(producers.map(({ group }) => group)),
  groupService: oneOf(producers.map(({ groupService }) => groupService)),
  producers,
});

function oneOf(values: readonly (string | null)[]): string | null {
  const known = new Set(values.filter((value) => value !== null));
  return known.size === 1 ? ([...known][0] ?? null) : null;
}

const topicsOf = (producers: readonly ProducerFacts[]): Set<string> =>
  new Set(producers.flatMap(({ destinations }) => destinations.map(({ topic }) => topic)));

/**
 * Instances of one service write the same topics, and one that has just started only some of them. So those whose
 * topics are part of one other set only belong to it.
 */
function writtenTogether(producers: readonly ProducerFacts[]): ProducerFacts[][] {
  const sets = [...Map.groupBy(producers, (one) => JSON.stringify([...topicsOf([one])].sort())).values()]
    .map((own) => ({ topics: topicsOf(own), own }))
    .sort((a, b) => b.topics.size - a.topics.size);
  if (sets.length > MAX_SETS) return sets.map(({ own }) => own);
  const whole: { readonly topics: ReadonlySet<string>; readonly own: ProducerFacts[] }[] = [];
  for (const { topics, own } of sets) {
    const around = whole.filter((one) => [...topics].every((topic) => one.topics.has(topic)));
    if (around.length === 1) around[0]?.own.push(...own);
    else whole.push({ topics, own: [...own] });
  }
  return whole.map(({ own }) => own);
}

function candidateOf(publisher: Publisher, isOnlyWriter: (topic: string) => boolean): PublisherCandidate {
  const { service, group, groupService, producers } = publisher;
  const topics = [
    ...Map.groupBy(
      producers.flatMap(({ destinations }) => destinations),
      ({ topic }) => topic,
    ),
  ]
    .map(([topic, own]) => ({
      topic,
      records: own.reduce((sum, { records }) => sum + records, 0),
      namedRecords: own.reduce((sum, { namedRecords }) => sum + namedRecords, 0),
      isOnlyWriter: isOnlyWriter(topic),
    }))
    .sort((a, b) => b.records - a.records || (a.topic < b.topic ? -1 : 1));
  const name = service ?? groupService ?? group ?? publisherName(topics.map(({ topic }) => topic));
  const isUnnamed = (topic: PublisherTopic) => topic.isOnlyWriter && topic.namedRecords < topic.records;
  return {
    name,
    evidence: evidenceOf(publisher),
    group,
    topics,
    producers: producers.length,
    firstAtMs: Math.min(...producers.map(({ firstAtMs }) => firstAtMs)),
    lastAtMs: Math.max(...producers.map(({ lastAtMs }) => lastAtMs)),
    rules: [
      ...topics.filter(isUnnamed).map(({ topic }) => ({ kind: "topic" as const, name: topic, service: name })),
      ...(group !== null && groupService === null ? [{ kind: "group" as const, name: group, service: name }] : []),
    ],
  };
}

function evidenceOf({ service, group, producers }: Publisher): PublisherEvidence {
  if (service !== null) return "record";
  if (group === null) return "together";
  return producers.some(({ isGroupExact }) => isGroupExact) ? "transaction" : "commits";
}

function publisherName(topics: readonly string[]): string {
  const named = topics.slice(0, TOPICS_IN_NAME).join(", ");
  const more = topics.length - TOPICS_IN_NAME;
  return `publisher of ${named}${more > 0 ? ` and ${more} more` : ""}`;
}
