import type { SubscriptionIndex } from "./subscriptions.ts";
import type { TraceEvent } from "./trace.ts";

export interface TraceIndex {
  /** by time, of one time as a process passes its span on, then by id: the same whatever order the events came in */
  readonly ordered: readonly TraceEvent[];
  readonly byId: ReadonlyMap<string, TraceEvent>;
  readonly byMessage: ReadonlyMap<bigint, readonly TraceEvent[]>;
  readonly bySpan: ReadonlyMap<bigint, readonly TraceEvent[]>;
  readonly byDestination: ReadonlyMap<number, readonly TraceEvent[]>;
  isBefore(a: TraceEvent, b: TraceEvent): boolean;
}

/** Orders and indexes the events of one trace; an event that is given twice counts once. */
export function indexTrace(events: readonly TraceEvent[], subscriptions: SubscriptionIndex): TraceIndex {
  const byId = new Map(events.map((event) => [event.id, event]));
  const step = stepsOf(events, subscriptions);
  const ordered = [...byId.values()].sort(
    (a, b) => a.occurredAtMs - b.occurredAtMs || step(a) - step(b) || (a.id < b.id ? -1 : 1),
  );
  const rank = new Map(ordered.map((event, i) => [event.id, i]));
  const byMessage = new Map<bigint, TraceEvent[]>();
  const bySpan = new Map<bigint, TraceEvent[]>();
  const byDestination = new Map<number, TraceEvent[]>();
  for (const event of ordered) {
    if (event.messageRef !== null) put(byMessage, event.messageRef, event);
    if (event.spanId !== null) put(bySpan, event.spanId, event);
    put(byDestination, event.destinationId, event);
  }
  return {
    ordered,
    byId,
    byMessage,
    bySpan,
    byDestination,
    isBefore: (a, b) => (rank.get(a.id) ?? 0) < (rank.get(b.id) ?? 0),
  };
}

/**
 * Kafka Streams writes what it reads on to topics of its own and on from there, with the span and often in the
 * millisecond of what it read: first comes what it reads of others (0), then what is its own (1), then its results (2).
 */
function stepsOf(events: readonly TraceEvent[], subscriptions: SubscriptionIndex): (event: TraceEvent) => number {
  const groupOfSpan = new Map<bigint, number>();
  for (const { spanId, destinationId } of events) {
    const owner = subscriptions.ownerOf(destinationId);
    if (spanId !== null && owner !== undefined) groupOfSpan.set(spanId, owner);
  }
  return ({ spanId, destinationId }) => {
    const group = spanId === null ? undefined : groupOfSpan.get(spanId);
    if (group === undefined) return 0;
    if (subscriptions.ownerOf(destinationId) === group) return 1;
    return subscriptions.ofGroup(group).has(destinationId) ? 0 : 2;
  };
}

function put<K>(index: Map<K, TraceEvent[]>, key: K, event: TraceEvent): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [event]);
  else list.push(event);
}
