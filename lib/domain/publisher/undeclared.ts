import type { Cause, TraceEvent } from "../correlation/trace.ts";
import { isPublisherKnown } from "../correlation/reads.ts";

/**
 * What would have to be declared for the causes of a trace to be found: the destinations whose publisher nobody tells,
 * and the groups that read in it and belong to no known service, where the effect of a known service has no cause.
 */
export function undeclaredIn(
  events: readonly TraceEvent[],
  causes: readonly Cause[],
  subscriptions: readonly { readonly group: string; readonly serviceId: number | null }[],
): { readonly destinationIds: readonly number[]; readonly groups: readonly string[] } {
  const caused = new Set(causes.map(({ toId }) => toId));
  const firstAtMs = events.reduce((first, { occurredAtMs }) => Math.min(first, occurredAtMs), Infinity);
  const open = events.filter(({ id, isCopy }) => isCopy !== true && !caused.has(id));
  const isEffectOpen = open.some((event) => isPublisherKnown(event) && event.occurredAtMs > firstAtMs);
  const groups = isEffectOpen ? subscriptions.filter(({ serviceId }) => serviceId === null) : [];
  return {
    destinationIds: [...new Set(open.flatMap((event) => (isPublisherKnown(event) ? [] : [event.destinationId])))],
    groups: [...new Set(groups.map(({ group }) => group))].sort(),
  };
}
