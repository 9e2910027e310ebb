/** What caused the events of one window of the work list, each counted once over all windows. */
import { assembleTrace } from "#lib/domain/correlation/assemble.ts";
import type { SubscriptionIndex } from "#lib/domain/correlation/subscriptions.ts";
import { kindOf, type Cause } from "#lib/domain/correlation/trace.ts";
import type { ErrorCause } from "#lib/store/correlation/error-causes-write.ts";
import type { CorrelatedEvent } from "#lib/store/correlation/events-read.ts";
import type { CauseTotal } from "#lib/store/correlation/rollups-write.ts";
import type { CausePriorsMemory } from "./cause-priors.ts";
import { CauseTotals } from "./cause-totals.ts";

/** The confidence of an inferred cause with a single candidate. */
const WITHOUT_DOUBT = 0.9;

/**
 * Every event is in one window: its cause is counted in it, or in the cause's own where the effect was worked through
 * first. `events`: of the window, and of their traces what was worked through before it; `window`: the ids of those of
 * the window. `priors` learn from it, and forget what a late event makes doubtful.
 */
export function countCauses(
  events: ReadonlyMap<string, CorrelatedEvent>,
  window: ReadonlySet<string>,
  subscriptions: SubscriptionIndex,
  priors: CausePriorsMemory,
): { readonly causes: readonly CauseTotal[]; readonly errors: readonly ErrorCause[] } {
  const causesOf = (trace: readonly CorrelatedEvent[]) => assembleTrace(trace, subscriptions, priors.countOf).causes;
  const totals = new CauseTotals();
  const errors: ErrorCause[] = [];
  const count = (cause: Cause, from: CorrelatedEvent, to: CorrelatedEvent): void => {
    totals.add(cause, from, to);
    if (!isWithoutDoubt(cause)) return;
    priors.count(kindOf(from, to, cause.groupId));
    if (to.isErrorEvent && to.isCopy !== true) errors.push({ event: to, cause: from, groupId: cause.groupId });
  };
  const forEach = (
    causes: Iterable<Cause>,
    handle: (cause: Cause, from: CorrelatedEvent, to: CorrelatedEvent) => void,
  ): void => {
    for (const cause of causes) {
      const from = events.get(cause.fromId);
      const to = events.get(cause.toId);
      if (from !== undefined && to !== undefined) handle(cause, from, to);
    }
  };
  for (const trace of Map.groupBy(events.values(), (event) => event.traceUuid).values()) {
    let known: ReadonlyMap<string, Cause> | null = null;
    const before = (): ReadonlyMap<string, Cause> =>
      (known ??= new Map(causesOf(trace.filter(({ id }) => !window.has(id))).map((cause) => [cause.toId, cause])));
    const now = causesOf(trace);
    forEach(now, (cause, from, to) => {
      if (window.has(to.id) || (window.has(from.id) && !before().has(to.id))) count(cause, from, to);
    });
    if (!hasLateEvents(trace, window)) continue;
    const certain = new Map(now.filter(isWithoutDoubt).map(({ toId, fromId }) => [toId, fromId]));
    forEach(before().values(), (cause, from, to) => {
      if (isWithoutDoubt(cause) && certain.get(to.id) !== from.id) priors.retract(kindOf(from, to, cause.groupId));
    });
  }
  return { causes: totals.all, errors };
}

const isWithoutDoubt = ({ knownBy, confidence }: Cause): boolean =>
  knownBy === "declared" || confidence >= WITHOUT_DOUBT;

/** Whether an event of the window was stored after a later one of its trace. */
function hasLateEvents(trace: readonly CorrelatedEvent[], window: ReadonlySet<string>): boolean {
  let first = Infinity;
  let lastOfRest = -Infinity;
  for (const { id, occurredAtMs } of trace)
    if (window.has(id)) first = Math.min(first, occurredAtMs);
    else lastOfRest = Math.max(lastOfRest, occurredAtMs);
  return first < lastOfRest;
}
