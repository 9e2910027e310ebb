/** Processes stored events, each once: finds the trace an event belongs to, and what caused it. */
import type pg from "pg";
import { openGroupServices, servicesByName } from "#lib/domain/correlation/group-service.ts";
import { withPublisherRules, type PublisherSettings } from "#lib/domain/publisher/rules.ts";
import { indexSubscriptions, type SubscriptionIndex } from "#lib/domain/correlation/subscriptions.ts";
import { addAliases, joinTraces, readAliases, type Joining } from "#lib/store/correlation/aliases-write.ts";
import { readBatches, type StoredBatch } from "#lib/store/correlation/batches-read.ts";
import { readDeadLettersOfBatches, type StoredDeadLetter } from "#lib/store/correlation/dead-letters-read.ts";
import {
  readCorrelatedTraceEvents,
  readWindowEvents,
  type CorrelatedEvent,
} from "#lib/store/correlation/events-read.ts";
import { readGroupSubscriptions, readServiceIds } from "#lib/store/correlation/subscriptions-read.ts";
import { addCauses, addConsumption } from "#lib/store/correlation/rollups-write.ts";
import { summariseEvents } from "#lib/store/correlation/summarise-events.ts";
import { addTraces, takeFoldedTraces } from "#lib/store/correlation/traces-write.ts";
import { writeErrorCauses, type ErrorCause } from "#lib/store/correlation/error-causes-write.ts";
import { readUnworked } from "#lib/store/correlation/unworked-read.ts";
import { readGroupServices, readProducers } from "#lib/store/publishers/producers-read.ts";
import { readPublisherRules } from "#lib/store/publishers/rules-read.ts";
import { cutAtTransaction, moveCursor, readCursor, readUpperBound } from "#lib/store/correlation/window.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import { areGroupsUnknown, isTakeoverPending } from "#lib/store/ingest/leases.ts";
import { countCauses } from "./count-causes.ts";
import { CausePriorsMemory } from "./cause-priors.ts";
import { RIPE_AFTER_MS, RIPE_WHILE_WAITING_MS, type Pass } from "./pass.ts";
import { Sampling } from "./sampling.ts";
import { CommitEvidence } from "./commit-evidence.ts";
import { foldTotals, traceTotals } from "./trace-totals.ts";
import { errorTotals } from "./error-totals.ts";

const CURSOR = "causes";
const BATCHES_PER_PASS = 1000;
const EVENTS_PER_PASS = 50_000;
/** How far back the rest of a trace is read, and how much of it. */
const TRACE_BACK_MS = 15 * 60_000;
const EVENTS_PER_TRACE = 300;
const SUBSCRIPTIONS_KEPT_MS = 3000;

export class Causes {
  readonly #client: pg.Client;
  readonly #priors = new CausePriorsMemory();
  readonly #sampling = new Sampling();
  readonly #commitEvidence: CommitEvidence;
  readonly #declared: PublisherSettings;
  #subscriptions: {
    readonly atMs: number;
    readonly services: ReadonlySet<number>;
    readonly index: SubscriptionIndex;
  } | null = null;

  /** `declared`: which service a group belongs to, as configured. */
  constructor(client: pg.Client, declared: PublisherSettings) {
    this.#client = client;
    this.#commitEvidence = new CommitEvidence(client);
    this.#declared = declared;
  }

  async pass(): Promise<Pass> {
    const pass = await inTransaction(this.#client, () => this.#workThrough());
    if (pass.changed) await summariseEvents(this.#client);
    return pass;
  }

  async #workThrough(): Promise<Pass> {
    const client = this.#client;
    const cursor = await readCursor(client, CURSOR);
    const isWaiting = (await isTakeoverPending(client)) || (await areGroupsUnknown(client));
    const ripeAfterMs = isWaiting ? RIPE_WHILE_WAITING_MS : RIPE_AFTER_MS;
    const upTo = await readUpperBound(client, "event_batches", cursor, ripeAfterMs);
    if (upTo <= cursor.xid) return { changed: false, isFull: false };
    const read = withinEvents(await readBatches(client, cursor, upTo, BATCHES_PER_PASS), EVENTS_PER_PASS);
    const { rows: batches, next } = cutAtTransaction(
      read.batches,
      read.isCut ? read.batches.length : BATCHES_PER_PASS,
      upTo,
    );
    const last = batches.at(-1);
    if (last !== undefined) await this.#correlate(batches, last, next);
    await moveCursor(client, CURSOR, { xid: next, storedAtMs: last?.storedAtMs ?? cursor.storedAtMs });
    return { changed: batches.length > 0, isFull: next < upTo };
  }

  async #correlate(batches: readonly StoredBatch[], last: StoredBatch, next: bigint): Promise<void> {
    const client = this.#client;
    const { storedAtMs } = last;
    const share = this.#sampling.shareOf(
      batches.reduce((sum, batch) => sum + batch.events, 0),
      last,
      Date.now(),
    );
    const deadLetters = new Map(
      (await readDeadLettersOfBatches(client, batches)).map((deadLetter) => [deadLetter.eventId, deadLetter]),
    );
    await addConsumption(client, errorTotals([...deadLetters.values()]));

    const own = await withPublishers(client, await readWindowEvents(client, batches, share));
    if (own.length === 0) return;
    const { resolve, folded } = await this.#resolveAliases(own);
    const window = own.map(resolve);
    const traceUuids = [...new Set(window.map((event) => event.traceUuid))];
    const oldest = batches.reduce((min, batch) => Math.min(min, batch.storedAtMs), storedAtMs);
    const found = await readCorrelatedTraceEvents(client, traceUuids, oldest - TRACE_BACK_MS, EVENTS_PER_TRACE);
    // What was stored meanwhile belongs to a later pass: counted now as well, it would count twice.
    const isUnworked = await readUnworked(client, { xid: next, storedAtMs });
    const worked = found.filter((event) => !isUnworked(event)).map(resolve);
    const rest = await withPublishers(client, worked);
    const events = new Map(
      [...rest, ...window].map((event) => [event.id, withFailure(event, deadLetters.get(event.id))]),
    );
    await addTraces(client, foldTotals([...traceTotals(window), ...folded]));
    const subscriptions = await this.#subscriptionsFor([...events.values()]);
    const ids = new Set(window.map((event) => event.id));
    const { causes, errors } = countCauses(events, ids, subscriptions, this.#priors);
    for (const kind of await this.#commitEvidence.learn(events, ids, subscriptions)) this.#priors.count(kind);
    await addCauses(client, causes, share);
    await writeErrorCauses(client, errors);
    await addConsumption(client, errorTotals(errors.found.map(asFailure), errors.mistaken.map(asFailure)));
  }

  /**
   * An event that names a conversation beside its trace draws the conversation's other events into that trace: those
   * without a trace of their own, and the further traces that begin where a service in the middle passed on the
   * conversation only.
   */
  async #resolveAliases(window: readonly CorrelatedEvent[]): Promise<{
    resolve: (event: CorrelatedEvent) => CorrelatedEvent;
    folded: Awaited<ReturnType<typeof takeFoldedTraces>>;
  }> {
    const named = new Map<string, string>();
    for (const event of [...window].sort((a, b) => a.occurredAtMs - b.occurredAtMs)) {
      if (event.aliasUuid !== null && event.aliasUuid !== event.traceUuid && !named.has(event.aliasUuid))
        named.set(event.aliasUuid, event.traceUuid);
    }
    await addAliases(this.#client, named);
    const owners = await readAliases(this.#client, [...named.keys()]);
    const joining = new Map<string, Joining>();
    const owning = new Set<string>();
    for (const event of window) {
      const conversation = event.aliasUuid ?? "";
      const owner = owners.get(conversation);
      // An owner that itself joins another trace takes no others along: every alias points straight at its trace.
      if (owner !== undefined && owner !== event.traceUuid && !joining.has(owner) && !owning.has(event.traceUuid)) {
        joining.set(event.traceUuid, { trace: event.traceUuid, owner, conversation });
        owning.add(owner);
      }
    }
    await joinTraces(this.#client, [...joining.values()]);
    const aliases = await readAliases(this.#client, [
      ...new Set([...named.keys(), ...window.map((event) => event.traceUuid)]),
    ]);
    const resolve = (event: CorrelatedEvent) => {
      const traceUuid = aliases.get(event.traceUuid);
      return traceUuid === undefined ? event : { ...event, traceUuid };
    };
    return { resolve, folded: await takeFoldedTraces(this.#client, [...named.keys(), ...joining.keys()]) };
  }

  /**
   * Read anew whenever a publisher is a service that was not known yet, so that its first events get a cause too.
   */
  async #subscriptionsFor(events: readonly CorrelatedEvent[]): Promise<SubscriptionIndex> {
    const known = this.#subscriptions;
    const isKnown = ({ serviceId }: CorrelatedEvent) => serviceId === null || known?.services.has(serviceId) === true;
    if (known !== null && Date.now() - known.atMs < SUBSCRIPTIONS_KEPT_MS && events.every(isKnown)) return known.index;
    const services = await readServiceIds(this.#client);
    const ofProducers = await readGroupServices(this.#client);
    const { groupServices } = withPublisherRules(this.#declared, await readPublisherRules(this.#client));
    const serviceOf = openGroupServices(groupServices, servicesByName([...services.keys()]));
    const subscriptions = (await readGroupSubscriptions(this.#client)).map((subscription) => {
      const { groupId, group, serviceId } = subscription;
      const known = serviceOf(group);
      const found = known?.knownBy === "declared" ? null : ofProducers.get(groupId);
      return { ...subscription, serviceId: found ?? serviceId ?? services.get(known?.service ?? "") ?? null };
    });
    const index = indexSubscriptions(subscriptions);
    this.#subscriptions = { atMs: Date.now(), services: new Set(services.values()), index };
    return index;
  }
}

const asFailure = ({ event, cause, groupId }: ErrorCause) => ({
  groupId,
  originalDestinationId: cause.destinationId,
  storedAtMs: event.storedAtMs,
});

function withinEvents(
  batches: readonly StoredBatch[],
  limit: number,
): { batches: readonly StoredBatch[]; isCut: boolean } {
  let sum = 0;
  const end = batches.findIndex((batch) => (sum += batch.events) > limit);
  return end < 0 || end === batches.length - 1
    ? { batches, isCut: false }
    : { batches: batches.slice(0, end + 1), isCut: true };
}

/** With what is known of their producers, where a record does not say it itself. */
async function withPublishers(client: pg.Client, events: readonly CorrelatedEvent[]): Promise<CorrelatedEvent[]> {
  const producerOf = await readProducers(client, events);
  return events.map((event) => {
    const producer = producerOf(event);
    if (producer === null) return event;
    return {
      ...event,
      producer,
      serviceId: event.serviceId ?? producer.serviceId,
      publisherGroupId: event.isCopy === true ? undefined : (producer.groupId ?? undefined),
    };
  });
}

function withFailure(event: CorrelatedEvent, deadLetter: StoredDeadLetter | undefined): CorrelatedEvent {
  if (deadLetter === undefined) return event;
  return {
    ...event,
    isCopy: true,
    copyOf: deadLetter.originalId ?? undefined,
    failedGroupId: deadLetter.groupId ?? undefined,
  };
}
