import type { SubscriptionIndex } from "./subscriptions.ts";
import type { TraceEvent } from "./trace.ts";

/** Whether the publisher of an event is known, by the group whose process it is or by its service. */
export const isPublisherKnown = (event: Pick<TraceEvent, "serviceId" | "publisherGroupId">): boolean =>
  event.publisherGroupId !== undefined || event.serviceId !== null;

/** The destinations that the publisher of an event reads, and through which groups; without one, those of anybody. */
export function readsOf(
  event: Pick<TraceEvent, "serviceId" | "publisherGroupId">,
  subscriptions: SubscriptionIndex,
): ReadonlyMap<number, readonly number[]> {
  if (event.publisherGroupId !== undefined) return subscriptions.ofGroup(event.publisherGroupId);
  return event.serviceId === null ? subscriptions.all : subscriptions.ofService(event.serviceId);
}
