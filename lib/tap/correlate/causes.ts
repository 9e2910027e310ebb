/** Processes stored events, each once: finds the trace an event belongs to, and what caused it. */
import type pg from "pg";
import type { PublisherSettings } from "#lib/domain/publisher/rules.ts";
import { readAliases } from "#lib/store/correlation/aliases-write.ts";
import { readBatches, type StoredBatch } from "#lib/store/correlation/batches-read.ts";
import { readDeadLettersOfBatches, type StoredDeadLetter } from "#lib/store/correlation/dead-letters-read.ts";
import {
  readCorrelatedTraceEvents,
  readWindowEvents,
  type CorrelatedEvent,
} from "#lib/store/correlation/events-read.ts";
import { addCauses, addConsumption } from "#lib/store/correlation/rollups-write.ts";
import { summariseEvents } from "#lib/store/correlation/summarise-events.ts";
import { addTraces } from "#lib/store/correlation/traces-write.ts";
import { writeErrorCauses, type ErrorCause } from "#lib/store/correlation/error-causes-write.ts";
import { readUnworked } from "#lib/store/correlation/unworked-read.ts";
import { readProducers } from "#lib/store/publishers/producers-read.ts";
import {
  cutAtTransaction,
  moveCursor,
  readCursor,
  readUpperBound,
  type CorrelationCursor,
} from "#lib/store/correlation/window.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import { isReadingIncomplete } from "#lib/store/ingest/leases.ts";
import { countCauses } from "./count-causes.ts";
import { CausePriorsMemory } from "./cause-priors.ts";
import { RIPE_AFTER_MS, RIPE_WHILE_WAITING_MS, type Pass } from "./pass.ts";
import { Sampling } from "./sampling.ts";
import { CommitEvidence } from "./commit-evidence.ts";
import { resolveConversations } from "./conversations.ts";
import { KnownSubscriptions } from "./known-subscriptions.ts";
import { WaitingEffects } from "./waiting-effects.ts";
import { foldTotals, traceTotals } from "./trace-totals.ts";
import { errorTotals } from "./error-totals.ts";

const CURSOR = "causes";
const BATCHES_PER_PASS = 1000;
const EVENTS_PER_PASS = 50_000;
/** How far back the rest of a trace is read, and how much of it. */
const TRACE_BACK_MS = 15 * 60_000;
const EVENTS_PER_TRACE = 300;

export class Causes {
  readonly #client: pg.Client;
  readonly #priors = new CausePriorsMemory();
  readonly #sampling = new Sampling();
  readonly #commitEvidence: CommitEvidence;
  readonly #subscriptions: KnownSubscriptions;
  readonly #waiting = new WaitingEffects();

  /** `declared`: which service a group belongs to, as configured. */
  constructor(client: pg.Client, declared: PublisherSettings) {
    this.#client = client;
    this.#commitEvidence = new CommitEvidence(client);
    this.#subscriptions = new KnownSubscriptions(client, declared);
  }

  async pass(): Promise<Pass> {
    const pass = await inTransaction(this.#client, () => this.#workThrough());
    if (pass.changed) await summariseEvents(this.#client);
    return pass;
  }

  async #workThrough(): Promise<Pass> {
    const client = this.#client;
    const cursor = await readCursor(client, CURSOR);
    const isRecounted = await this.#recount(cursor);
    const ripeAfterMs = (await isReadingIncomplete(client)) ? RIPE_WHILE_WAITING_MS : RIPE_AFTER_MS;
    const upTo = await readUpperBound(client, "event_batches", cursor, ripeAfterMs);
    if (upTo <= cursor.xid) return { changed: isRecounted, isFull: false };
    const read = withinEvents(await readBatches(client, cursor, upTo, BATCHES_PER_PASS), EVENTS_PER_PASS);
    const { rows: batches, next } = cutAtTransaction(
      read.batches,
      read.isCut ? read.batches.length : BATCHES_PER_PASS,
      upTo,
    );
    const last = batches.at(-1);
    if (last !== undefined) await this.#correlate(batches, last, next);
    await moveCursor(client, CURSOR, { xid: next, storedAtMs: last?.storedAtMs ?? cursor.storedAtMs });
    return { changed: isRecounted || batches.length > 0, isFull: next < upTo };
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
    const { resolve, folded } = await resolveConversations(client, own);
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
    await this.#count(events, new Set(window.map((event) => event.id)), share);
  }

  async #count(
    events: ReadonlyMap<string, CorrelatedEvent>,
    window: ReadonlySet<string>,
    share: number,
  ): Promise<void> {
    const client = this.#client;
    const subscriptions = await this.#subscriptions.of(events.values());
    const { causes, errors, open } = countCauses(events, window, subscriptions, this.#priors, this.#waiting);
    for (const kind of await this.#commitEvidence.learn(events, window, subscriptions)) this.#priors.count(kind);
    await addCauses(client, causes, share);
    await writeErrorCauses(client, errors);
    await addConsumption(client, errorTotals(errors.found.map(asFailure), errors.mistaken.map(asFailure)));
    for (const id of events.keys()) this.#waiting.delete(id);
    // What is counted of a share of the traces stands for others, which would have to wait as well.
    if (share === 1) for (const effect of open) this.#waiting.add(effect);
  }

  /** Finds the causes of effects that were worked through before it was known what their publisher reads. */
  async #recount(cursor: CorrelationCursor): Promise<boolean> {
    if (this.#waiting.isEmpty) return false;
    const client = this.#client;
    await this.#subscriptions.of([]);
    const waiting = this.#waiting.of(this.#subscriptions.takeNewReaders(), Date.now());
    if (waiting.length === 0) return false;
    const since = waiting.reduce((min, effect) => Math.min(min, effect.storedAtMs), Infinity) - TRACE_BACK_MS;
    const named = [...new Set(waiting.map((effect) => effect.traceUuid))];
    const owners = await readAliases(client, named);
    const traceOf = (uuid: string) => owners.get(uuid) ?? uuid;
    const found = await readCorrelatedTraceEvents(client, [...new Set(named.map(traceOf))], since, EVENTS_PER_TRACE);
    const isUnworked = await readUnworked(client, cursor);
    const events = await withPublishers(
      client,
      found.filter((event) => !isUnworked(event)).map((event) => ({ ...event, traceUuid: traceOf(event.traceUuid) })),
    );
    await this.#count(new Map(events.map((event) => [event.id, event])), NO_WINDOW, 1);
    return true;
  }
}

const NO_WINDOW: ReadonlySet<string> = new Set();

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
