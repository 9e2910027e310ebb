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
 * first. What was concluded while the cause was not stored yet is taken back then, from counts and `priors` alike.
 * `events`: of the window, and of their traces what was worked through before it; `window`: the ids of those of the
 * window. `waiting`: events before the window that have not been counted, as no cause was found. `open`: those of the
 * window, of `waiting` and of traces with late events for which there is none now, though something came before them.
 */
export function countCauses(
  events: ReadonlyMap<string, CorrelatedEvent>,
  window: ReadonlySet<string>,
  subscriptions: SubscriptionIndex,
  priors: CausePriorsMemory,
  waiting: { has(id: string): boolean },
): {
  readonly causes: readonly CauseTotal[];
  readonly errors: CountedErrors;
  readonly open: readonly CorrelatedEvent[];
} {
  const isNew = (id: string): boolean => window.has(id) || waiting.has(id);
  const open: CorrelatedEvent[] = [];
  const causesOf = (trace: readonly CorrelatedEvent[]) => assembleTrace(trace, subscriptions, priors.countOf).causes;
  const totals = new CauseTotals();
  const errors = { found: [] as ErrorCause[], mistaken: [] as ErrorCause[] };
  const errorOf = (cause: Cause, from: CorrelatedEvent, to: CorrelatedEvent): ErrorCause[] =>
    isWithoutDoubt(cause) && to.isErrorEvent && to.isCopy !== true
      ? [{ event: to, cause: from, groupId: cause.groupId }]
      : [];
  const count = (cause: Cause, from: CorrelatedEvent, to: CorrelatedEvent): void => {
    totals.add(cause, from, to);
    if (isWithoutDoubt(cause)) priors.count(kindOf(from, to, cause.groupId));
    errors.found.push(...errorOf(cause, from, to));
  };
  const takeBack = (cause: Cause, from: CorrelatedEvent, to: CorrelatedEvent): void => {
    totals.takeBack(cause, from, to);
    errors.mistaken.push(...errorOf(cause, from, to));
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
  const earlierOf = (trace: readonly CorrelatedEvent[]) => trace.filter(({ id }) => !window.has(id));
  const traces = [...Map.groupBy(events.values(), (event) => event.traceUuid).values()].map((trace) => ({
    trace,
    hasLate: hasLateEvents(trace, window),
  }));
  // What was learned of traces without their late events is forgotten first, else it would speak against them.
  for (const { trace, hasLate } of traces) {
    if (!hasLate) continue;
    const certain = new Map(causesOf(trace).flatMap((cause) => (isWithoutDoubt(cause) ? [[cause.toId, cause]] : [])));
    forEach(causesOf(earlierOf(trace)).filter(isWithoutDoubt), (cause, from, to) => {
      if (certain.get(to.id)?.fromId !== from.id) priors.retract(kindOf(from, to, cause.groupId));
    });
  }
  for (const { trace, hasLate } of traces) {
    const now = causesOf(trace);
    const isLate = hasLate || now.some((cause) => isOfEarlier(cause, window));
    const before = new Map(
      isLate
        ? causesOf(earlierOf(trace)).flatMap((cause) => (waiting.has(cause.toId) ? [] : [[cause.toId, cause]]))
        : [],
    );
    const after = new Map(now.map((cause) => [cause.toId, cause]));
    forEach(now, (cause, from, to) => {
      if (isNew(to.id) || (isLate && before.get(to.id)?.fromId !== from.id)) count(cause, from, to);
    });
    forEach(before.values(), (cause, from, to) => {
      if (after.get(to.id)?.fromId !== from.id) takeBack(cause, from, to);
    });
    const firstAtMs = trace.reduce((first, { occurredAtMs }) => Math.min(first, occurredAtMs), Infinity);
    for (const event of trace) {
      // Also one that was worked through when nothing that came before it was stored yet.
      const mayBeOpen = isNew(event.id) || hasLate;
      if (mayBeOpen && !after.has(event.id) && event.isCopy !== true && event.occurredAtMs > firstAtMs)
        open.push(event);
    }
  }
  return { causes: totals.all, errors, open };
}

/** Causes of error events: those of this window, and those that an earlier one had found and that are not so. */
interface CountedErrors {
  readonly found: readonly ErrorCause[];
  readonly mistaken: readonly ErrorCause[];
}

const isWithoutDoubt = ({ knownBy, confidence }: Cause): boolean =>
  knownBy === "declared" || confidence >= WITHOUT_DOUBT;

/** Whether an event of the window may be the cause of one that was worked through before. */
function hasLateEvents(trace: readonly CorrelatedEvent[], window: ReadonlySet<string>): boolean {
  let first = Infinity;
  let lastOfRest = -Infinity;
  for (const { id, occurredAtMs } of trace)
    if (window.has(id)) first = Math.min(first, occurredAtMs);
    else lastOfRest = Math.max(lastOfRest, occurredAtMs);
  return first <= lastOfRest;
}

/** Where clocks differ, an event may also be caused by one that is stamped later. */
const isOfEarlier = ({ fromId, toId }: Cause, window: ReadonlySet<string>): boolean =>
  window.has(fromId) && !window.has(toId);
