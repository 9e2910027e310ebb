import type { SubscriptionIndex } from "./subscriptions.ts";
import type { TraceEvent } from "./trace.ts";

/** How the publisher of an event is known: the group whose process it is, its service, or not at all. */
export type PublisherKnownBy = "group" | "service" | null;

export const publisherKnownBy = (event: Pick<TraceEvent, "serviceId" | "publisherGroupId">): PublisherKnownBy =>
  event.publisherGroupId !== undefined ? "group" : event.serviceId !== null ? "service" : null;

/** The destinations that the publisher of an event reads, and through which groups; without one, those of anybody. */
export function readsOf(
  event: Pick<TraceEvent, "serviceId" | "publisherGroupId">,
  subscriptions: SubscriptionIndex,
): ReadonlyMap<number, readonly number[]> {
  if (event.publisherGroupId !== undefined) return subscriptions.ofGroup(event.publisherGroupId);
  return event.serviceId === null ? subscriptions.all : subscriptions.ofService(event.serviceId);
}
