import type { SearchHit, SearchQuery, SearchView } from "#lib/contracts/search.ts";
import { eventIdOf } from "#lib/domain/message/event-id.ts";
import { hash64 } from "#lib/domain/message/hash.ts";
import { conversationIdOf } from "#lib/domain/message/trace.ts";
import { ok } from "#lib/domain/result.ts";
import { urlSegment } from "#lib/domain/text/url-segment.ts";
import type { EventColumns } from "#lib/store/events/recent-read.ts";
import { traceIdOf, uuidOf } from "#lib/store/db/identifiers.ts";
import {
  searchByKey,
  searchByMessageRef,
  searchNames,
  searchByPosition,
  searchTraces,
} from "#lib/store/search/search-read.ts";
import { readTraceEvents } from "#lib/store/events/events-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";

/**
 * Names, traces and positions are searched without a limit in time; keys and event ids only this far back in the index,
 * and for this long at most.
 */
const EVENTS_BACK_MS = 7 * 86_400_000;
const EVENTS_BUDGET_MS = 1000;
const POSITION = /^([\w.-]{1,249})(?:\/|:|\[)(\d{1,9})(?:\]?[/:@]|\]\s*)(\d{1,19})$/;
/** Says that the text is a key where it could also be something else: "key cust-0077". */
const KEY_PREFIX = /^key[\s:=]+(?=\S)/i;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** One box for whatever someone has in hand: a trace id, an event id, a key, `topic/partition/offset`, or a name. */
export async function search(deps: QueryDeps, { q, limit }: SearchQuery): Answer<SearchView> {
  const since = new Date(deps.now() - EVENTS_BACK_MS);
  const bounds = { since, budgetMs: EVENTS_BUDGET_MS };
  const key = q.replace(KEY_PREFIX, "");
  const [traces, positions, names, byId, byKey] = await Promise.all([
    traceHits(deps, q, since),
    positionHits(deps, q),
    nameHits(deps, q, limit),
    searchByMessageRef(deps.prisma, hash64(q), { ...bounds, limit: 3 }),
    searchByKey(deps.prisma, key, { ...bounds, limit: 5 }),
  ]);
  const events = byId.events.map(
    (event): SearchHit => ({
      kind: "event",
      label: event.type ?? q,
      detail: positionText(event),
      href: eventHref(event),
    }),
  );
  const keyed = byKey.events.map(
    (event): SearchHit => ({
      kind: "key",
      label: `${key} · ${event.type ?? event.topic}`,
      detail: positionText(event),
      href: eventHref(event),
    }),
  );
  const entity =
    byKey.events.length === 0
      ? []
      : [
          {
            kind: "key" as const,
            label: key,
            detail: "all its events, and the state they build",
            href: `/entities/${urlSegment(key)}`,
          },
        ];
  const hits = [...traces, ...positions, ...events, ...entity, ...names, ...keyed].filter(
    (hit, i, all) => all.findIndex((other) => other.href === hit.href && other.kind === hit.kind) === i,
  );
  const searchedFrom = byId.searchedFrom > byKey.searchedFrom ? byId.searchedFrom : byKey.searchedFrom;
  return ok({
    hits: hits.slice(0, limit),
    note: `Keys and event ids were looked for back to ${searchedFrom.toISOString()}.`,
  });
}

async function traceHits({ prisma }: QueryDeps, q: string, since: Date): Promise<SearchHit[]> {
  const id = TRACEPARENT.exec(q.toLowerCase())?.[1] ?? conversationIdOf(q);
  if (id === null) return [];
  const found = await searchTraces(prisma, [uuidOf(id)]);
  const hits = found.map(
    ({ traceUuid, events, firstAt }): SearchHit => ({
      kind: "trace",
      label: traceIdOf(traceUuid),
      detail: events === null || firstAt === null ? "a trace" : `${events} events, began ${firstAt.toISOString()}`,
      href: traceHref(traceIdOf(traceUuid)),
    }),
  );
  if (hits.length > 0 || !/^[0-9a-f]{32}$/.test(id)) return hits;
  // Not correlated yet, or only just stored.
  const events = await readTraceEvents(prisma, [uuidOf(id)], { since, around: null, limit: 1 });
  return events.map(
    (): SearchHit => ({
      kind: "trace",
      label: id,
      detail: "a trace that is still being put together",
      href: traceHref(id),
    }),
  );
}

async function positionHits({ prisma }: QueryDeps, q: string): Promise<SearchHit[]> {
  const [, topic, partition, offset] = POSITION.exec(q) ?? [];
  if (topic === undefined || BigInt(offset ?? 0) > 2n ** 63n - 1n) return [];
  const positions = await searchByPosition(prisma, topic, Number(partition), BigInt(offset ?? 0));
  return positions.map((position) => ({
    kind: "event",
    label: `${position.topic}[${partition}] ${offset}`,
    detail: position.held ? position.cluster : `${position.cluster}: not in the log now`,
    href: messageHref(position.cluster, position.topic, Number(partition), offset ?? "0"),
  }));
}

async function nameHits({ prisma }: QueryDeps, q: string, limit: number): Promise<SearchHit[]> {
  const names = await searchNames(prisma, q, limit);
  return names.map(({ kind, cluster, name }) => ({
    kind,
    label: name,
    detail: kind === "service" ? "service" : `${kind} of ${cluster}`,
    href:
      kind === "service"
        ? `/?focus=${encodeURIComponent(`s:${name}`)}`
        : `/${kind}s/${urlSegment(cluster)}/${urlSegment(name)}`,
  }));
}

const positionText = (event: EventColumns) =>
  `${event.topic}[${event.partition}] ${event.position} at ${event.occurredAt.toISOString()}`;
const traceHref = (traceId: string) => `/traces/${traceId}`;
function messageHref(cluster: string, topic: string, partition: number, offset: string): string {
  const topicHref = `/topics/${urlSegment(cluster)}/${urlSegment(topic)}`;
  return `${topicHref}?tab=messages&mode=browse&partition=${partition}&offset=${offset}`;
}
function eventHref(event: EventColumns): string {
  if (event.traceId === null) return messageHref(event.cluster, event.topic, event.partition, String(event.position));
  const eventId = eventIdOf({ ...event, offset: event.position });
  return `${traceHref(traceIdOf(event.traceId))}?event=${encodeURIComponent(eventId)}`;
}
