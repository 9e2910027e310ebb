import type { CorrelatedEvent } from "#lib/store/correlation/events-read.ts";
import type { TraceTotal } from "#lib/store/correlation/traces-write.ts";

/** What one window adds to the summaries of its traces. */
export function traceTotals(window: readonly CorrelatedEvent[]): TraceTotal[] {
  return window.map((event) => ({
    traceUuid: event.traceUuid,
    firstAtMs: event.occurredAtMs,
    lastAtMs: event.occurredAtMs,
    events: 1,
    errors: event.isError ? 1 : 0,
    rootTypeId: event.typeId,
    rootServiceId: event.serviceId,
    rootDestinationId: event.destinationId,
    serviceIds: event.serviceId === null ? [] : [event.serviceId],
    destinationIds: [event.destinationId],
    typeIds: event.typeId === null ? [] : [event.typeId],
  }));
}

/** One total per trace; its root is that of the earliest. */
export function foldTotals(totals: readonly TraceTotal[]): TraceTotal[] {
  return [...Map.groupBy(totals, (total) => total.traceUuid).values()].flatMap((all) => {
    const [root] = [...all].sort((a, b) => a.firstAtMs - b.firstAtMs);
    if (root === undefined) return [];
    return {
      ...root,
      lastAtMs: all.reduce((last, total) => Math.max(last, total.lastAtMs), root.lastAtMs),
      events: all.reduce((sum, total) => sum + total.events, 0),
      errors: all.reduce((sum, total) => sum + total.errors, 0),
      serviceIds: [...new Set(all.flatMap((total) => total.serviceIds))],
      destinationIds: [...new Set(all.flatMap((total) => total.destinationIds))],
      typeIds: [...new Set(all.flatMap((total) => total.typeIds))],
    };
  });
}
