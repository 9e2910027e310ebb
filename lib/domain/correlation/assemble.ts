import { indexTrace, type TraceIndex } from "./index-trace.ts";
import { inferCause, type CausePriors } from "./infer.ts";
import { isPublisherKnown, readsOf } from "./reads.ts";
import type { SubscriptionIndex } from "./subscriptions.ts";
import type { Cause, TraceEvent } from "./trace.ts";

/**
 * How far two machines' clocks may be apart: an event that says it was caused by another may be stamped
 * so much earlier.
 */
export const CLOCK_SKEW_MS = 5000;

/**
 * Finds for each event of one trace the event that caused it, or none: rather no edge than a false one. What the events
 * say of each other (copies, cause and parent ids, a span passed on) is `declared`; else it is `inferred` from who read
 * what before (see inferCause). The order of the events does not matter, the causes form a forest, and no effect stands
 * before its cause by more than CLOCK_SKEW_MS. O(n log n) in the trace's events.
 */
export function assembleTrace(
  events: readonly TraceEvent[],
  subscriptions: SubscriptionIndex,
  priors?: CausePriors,
): { readonly causes: readonly Cause[] } {
  const trace = indexTrace(
    events.map((event) => ofOwner(event, subscriptions)),
    subscriptions,
  );
  const chosen = new Map<string, Cause>();
  let mayLoop = false;
  // What an event says of an earlier one first; then of one that is stamped later, where clocks differ; then
  // what is concluded.
  for (const event of trace.ordered) {
    const cause = declaredCause(event, trace, subscriptions, (candidate) => trace.isBefore(candidate, event));
    if (cause !== null) chosen.set(event.id, cause);
  }
  for (const event of trace.ordered) {
    if (chosen.has(event.id)) continue;
    const cause = declaredCause(
      event,
      trace,
      subscriptions,
      (candidate) =>
        !trace.isBefore(candidate, event) &&
        candidate.occurredAtMs - event.occurredAtMs <= CLOCK_SKEW_MS &&
        !descendsFrom(candidate.id, event.id, chosen),
    );
    if (cause === null) continue;
    chosen.set(event.id, cause);
    mayLoop = true;
  }
  const caused = new Set<string>();
  const effectKey = (fromId: string, { destinationId, typeId }: TraceEvent) => `${fromId} ${destinationId} ${typeId}`;
  for (const event of trace.ordered) {
    const declared = chosen.get(event.id);
    if (declared !== undefined) caused.add(effectKey(declared.fromId, event));
    if (declared !== undefined || event.isCopy === true) continue;
    const cause = inferCause(event, trace, subscriptions, priors, ({ id }) => caused.has(effectKey(id, event)));
    if (cause === null || (mayLoop && descendsFrom(cause.fromId, event.id, chosen))) continue;
    chosen.set(event.id, cause);
    caused.add(effectKey(cause.fromId, event));
  }
  return { causes: trace.ordered.flatMap((event) => chosen.get(event.id) ?? []) };
}

function declaredCause(
  event: TraceEvent,
  trace: TraceIndex,
  subscriptions: SubscriptionIndex,
  isAllowed: (candidate: TraceEvent) => boolean,
): Cause | null {
  const allowed = (candidates: readonly TraceEvent[] | undefined) =>
    (candidates ?? []).filter((candidate) => candidate.id !== event.id && isAllowed(candidate));
  const declare = (from: TraceEvent, groupId: number | null): Cause => ({
    fromId: from.id,
    toId: event.id,
    groupId,
    knownBy: "declared",
    confidence: 1,
    latencyMs: Math.max(0, event.occurredAtMs - from.occurredAtMs),
  });
  const through = (from: TraceEvent) =>
    event.failedGroupId ??
    publishingGroup(event, from, subscriptions) ??
    subscriptions.soleReader(from.destinationId, event.isCopy === true ? null : event.serviceId);
  /** of several events with the same id, as after a redelivery, the one its service reads; else the first */
  const nearest = (candidates: readonly TraceEvent[]) =>
    candidates.find((from) => isPublisherKnown(event) && readsOf(event, subscriptions).has(from.destinationId)) ??
    candidates[0];

  if (event.copyOf !== undefined) {
    const original = trace.byId.get(event.copyOf);
    if (original !== undefined && original.id !== event.id && isAllowed(original))
      return declare(original, event.failedGroupId ?? subscriptions.soleReader(original.destinationId, null));
  }
  if (event.causeRef !== null && event.causeRef !== event.messageRef) {
    const from = nearest(allowed(trace.byMessage.get(event.causeRef)));
    if (from !== undefined) return declare(from, through(from));
  }
  if (event.parentSpanId !== null && event.parentSpanId !== event.spanId) {
    const from = nearest(allowed(trace.bySpan.get(event.parentSpanId)));
    if (from !== undefined) return declare(from, through(from));
  }
  if (event.spanId !== null) {
    const from = allowed(trace.bySpan.get(event.spanId)).findLast(
      (candidate) => candidate.destinationId !== event.destinationId && wasPassedOn(candidate, event, subscriptions),
    );
    // Headers passed on name the first producer, not the service in between: its group is known only when nobody
    // else reads there.
    if (from !== undefined)
      return declare(
        from,
        event.failedGroupId ??
          publishingGroup(event, from, subscriptions) ??
          subscriptions.soleReader(from.destinationId, from.serviceId === event.serviceId ? null : event.serviceId),
      );
  }
  return null;
}

/** The group whose process published the event, when it reads what the cause was published to. */
function publishingGroup(event: TraceEvent, from: TraceEvent, subscriptions: SubscriptionIndex): number | null {
  const { publisherGroupId } = event;
  if (publisherGroupId === undefined) return null;
  return subscriptions.ofGroup(publisherGroupId).has(from.destinationId) ? publisherGroupId : null;
}

/** What lies in a group's own topic its process has published, whatever service the headers passed on name. */
function ofOwner(event: TraceEvent, subscriptions: SubscriptionIndex): TraceEvent {
  const owner = subscriptions.ownerOf(event.destinationId);
  return owner === undefined ? event : { ...event, serviceId: null, publisherGroupId: owner };
}

/** One span may also publish several events itself: the same span alone is no cause. */
function wasPassedOn(from: TraceEvent, to: TraceEvent, subscriptions: SubscriptionIndex): boolean {
  if (!subscriptions.all.has(from.destinationId)) return false;
  if (to.isCopy === true || (from.messageRef !== null && from.messageRef === to.messageRef)) return true;
  if (to.serviceId === null && to.publisherGroupId !== undefined)
    return (
      (from.publisherGroupId !== to.publisherGroupId || subscriptions.ownerOf(from.destinationId) !== undefined) &&
      readsOf(to, subscriptions).has(from.destinationId)
    );
  if (to.serviceId === null || to.serviceId === from.serviceId)
    return (
      from.serviceId === null && to.serviceId === null && subscriptions.soleReader(from.destinationId, null) !== null
    );
  return subscriptions.ofService(to.serviceId).has(from.destinationId);
}

function descendsFrom(id: string, ancestor: string, chosen: ReadonlyMap<string, Cause>): boolean {
  for (let at: string | undefined = id; at !== undefined; at = chosen.get(at)?.fromId) if (at === ancestor) return true;
  return false;
}
