import type { TraceIndex } from "./index-trace.ts";
import { isPublisherKnown, readsOf } from "./reads.ts";
import type { SubscriptionIndex } from "./subscriptions.ts";
import { kindOf, type Cause, type CauseKind, type TraceEvent } from "./trace.ts";

/** How often a kind of cause was observed without doubt. */
export type CausePriors = (kind: CauseKind) => number;

/** A kind of cause observed at least this often without doubt outweighs closeness in time. */
const USUAL = 5;
/** Where a kind is observed by commits: it counts from so many on, and only if others are at most one in so many. */
const OBSERVED = { least: USUAL, othersOneIn: 20 } as const;
/** Causes less certain than this are not reported. */
const LEAST_CONFIDENCE = 0.3;
/** How many earlier events of each destination are considered. */
const EARLIER_EVENTS = 50;
/** So many earlier events of one kind that all may be the cause are different flows under one id. */
const STRANGERS = 10;
/** An event whose producer is not known may have been published by any service. */
const UNKNOWN_PRODUCER_FACTOR = 0.55;

interface Candidate {
  readonly event: TraceEvent;
  readonly groups: readonly number[];
  /** nothing tells it from many others of its kind */
  readonly isOneOfMany: boolean;
}

/**
 * Concludes what caused an event that does not say so: the latest earlier event of its trace on a destination that a
 * group of the event's own service reads. Several groups read the same topics, so time alone proves nothing: without a
 * service, only a sole possible group will do. Another kind of cause than the latest is chosen when it is usual and the
 * latest kind was never observed, unless that other event has caused one of this kind already. Where not the records
 * but only its producer tells whose process published the event, the kind must be the only one in question, or the only
 * one that was observed. Of several events of a kind it is the latest with the key of this one, else the latest; where
 * many have had no effect of this kind yet, nobody can say which one it was.
 */
export function inferCause(
  event: TraceEvent,
  trace: TraceIndex,
  subscriptions: SubscriptionIndex,
  priors?: CausePriors,
  hasCausedAlready: (candidate: TraceEvent) => boolean = () => false,
): Cause | null {
  const { latest, count } = candidatesOf(event, trace, readsOf(event, subscriptions), hasCausedAlready);
  if (latest.length === 0) return null;
  const groups = new Set(latest.flatMap((candidate) => candidate.groups));
  const isUnknown = !isPublisherKnown(event);
  const isByProducer = event.serviceId === null && !isUnknown;
  if (isUnknown && groups.size !== 1) return null;

  const supportOf = (candidate: Candidate) => priors?.(kindOf(candidate.event, event, soleOf(candidate.groups))) ?? 0;
  const [nearest] = latest;
  if (nearest === undefined) return null;
  const open = latest.filter((candidate) => candidate === nearest || !hasCausedAlready(candidate.event));
  const usual = open
    .map((candidate) => ({ candidate, support: supportOf(candidate) }))
    .reduce((best, next) => (next.support > best.support ? next : best));
  if (isByProducer && !isOnlyKind(latest, usual, supportOf)) return null;
  const isUsual = isByProducer || (usual.support >= USUAL && supportOf(nearest) === 0);
  const chosen = isUsual ? usual.candidate : nearest;
  if (chosen.isOneOfMany) return null;

  const confidence =
    (0.5 + 0.45 / count) * supportShare(open, chosen, supportOf) * (isUnknown ? UNKNOWN_PRODUCER_FACTOR : 1);
  if (confidence < LEAST_CONFIDENCE) return null;
  return {
    fromId: chosen.event.id,
    toId: event.id,
    groupId: soleOf(chosen.groups),
    knownBy: "inferred",
    confidence,
    latencyMs: Math.max(0, event.occurredAtMs - chosen.event.occurredAtMs),
  };
}

/**
 * An earlier event of each kind that was read, the latest first, and how many earlier events come into question. A
 * service passes on the trace id it was given: where a conversation joined several traces, an event comes from one of
 * its own trace, else from one that carried no trace id, else from any.
 */
function candidatesOf(
  event: TraceEvent,
  trace: TraceIndex,
  reads: ReadonlyMap<number, readonly number[]>,
  hasCausedAlready: (candidate: TraceEvent) => boolean,
): { latest: Candidate[]; count: number } {
  const earlier: { readonly event: TraceEvent; readonly groups: readonly number[]; readonly closeness: number }[] = [];
  for (const [destinationId, onIt] of trace.byDestination) {
    const groups = reads.get(destinationId);
    if (groups === undefined) continue;
    // Far earlier events do not matter, and a long conversation must not cost its square.
    const end = countBefore(onIt, event, trace);
    for (const candidate of onIt.slice(Math.max(0, end - EARLIER_EVENTS), end))
      earlier.push({ event: candidate, groups, closeness: closenessOf(candidate, event) });
  }
  const closest = earlier.reduce((most, { closeness }) => Math.max(most, closeness), 0);
  const inQuestion = earlier.filter(({ closeness }) => closeness === closest);
  inQuestion.sort((a, b) => (trace.isBefore(a.event, b.event) ? 1 : -1));
  const hasKey = (one: TraceEvent) => event.key !== undefined && event.key !== null && one.key === event.key;
  const kinds = [...Map.groupBy(inQuestion, (one) => `${one.event.destinationId}/${one.event.typeId}`).values()].map(
    (ofKind) => {
      const ofKey = ofKind.filter((one) => hasKey(one.event));
      return ofKey.length > 0 ? ofKey : ofKind;
    },
  );
  const latest = kinds.flatMap((ofKind) => {
    const [chosen] = ofKind;
    if (chosen === undefined) return [];
    const isOneOfMany =
      ofKind.length >= STRANGERS && ofKind.filter((one) => !hasCausedAlready(one.event)).length >= STRANGERS;
    return { event: chosen.event, groups: chosen.groups, isOneOfMany };
  });
  latest.sort((a, b) => (trace.isBefore(a.event, b.event) ? 1 : -1));
  return { latest, count: kinds.reduce((sum, ofKind) => sum + ofKind.length, 0) };
}

/** Whether no other kind can be the cause, as far as was observed. */
function isOnlyKind(
  candidates: readonly Candidate[],
  { candidate, support }: { readonly candidate: Candidate; readonly support: number },
  supportOf: (candidate: Candidate) => number,
): boolean {
  if (candidates.length === 1) return true;
  const others = candidates.filter((one) => one !== candidate).map(supportOf);
  return support >= OBSERVED.least && others.every((other) => other * OBSERVED.othersOneIn <= support);
}

function closenessOf(candidate: TraceEvent, event: TraceEvent): number {
  if (candidate.ownTrace === event.ownTrace) return 2;
  return candidate.ownTrace === null ? 1 : 0;
}

function countBefore(ordered: readonly TraceEvent[], event: TraceEvent, trace: TraceIndex): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = ordered[middle];
    if (at !== undefined && trace.isBefore(at, event)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The share of observations that support the chosen kind; 1 while there are none. */
function supportShare(
  candidates: readonly Candidate[],
  chosen: Candidate,
  supportOf: (candidate: Candidate) => number,
): number {
  const all = candidates.reduce((sum, candidate) => sum + supportOf(candidate), 0);
  return all === 0 ? 1 : (supportOf(chosen) + 1) / (all + 1);
}

const soleOf = (groups: readonly number[]): number | null => (groups.length === 1 ? (groups[0] ?? null) : null);
