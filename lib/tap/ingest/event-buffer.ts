/** Turns records into rows of `events` and of the other tables that a flush writes. */
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import { openGroupServices } from "#lib/domain/correlation/group-service.ts";
import type { PublisherSettings } from "#lib/domain/publisher/rules.ts";
import { observe } from "#lib/domain/observe/observe.ts";
import type { Observation } from "#lib/domain/observe/observation.ts";
import { compileRules, type ObserveRules } from "#lib/domain/observe/rules.ts";
import { EventRows } from "#lib/store/db/bulk-rows.ts";
import { insertFailures, type FailureRow } from "#lib/store/ingest/failures.ts";
import type { Flush } from "#lib/store/ingest/flush.ts";
import type { Names } from "#lib/store/ingest/names.ts";
import { rawRecord, rowOf } from "./event-row.ts";
import { deadLetterRow, errorEventRow } from "./failure-row.ts";
import type { FlushBuffer, Preparation, ReadPartition } from "./flush-buffer.ts";
import { PublishTotals, type BucketSketches } from "./publish-totals.ts";
import type { KnownProducers } from "../publishers/known-producers.ts";
import type { SeenRole, TopicRoles } from "./topic-roles.ts";
import { ProducerTotals, UNKNOWN_PRODUCER } from "../publishers/producer-totals.ts";
import { storableText } from "#lib/domain/text/text.ts";
import { writeEvents, type BatchRow } from "#lib/store/ingest/events-write.ts";
import { insertQuarantine, type QuarantineRow } from "#lib/store/ingest/quarantine.ts";
import { correctRoles, type RoleRow } from "#lib/store/ingest/roles.ts";

const MAX_REASON_CHARS = 500;

export interface EventBufferOptions {
  readonly clusterId: number;
  readonly tapId: number;
  readonly names: Names;
  /** as they are now: another object when they have changed */
  readonly rules: () => ObserveRules & PublisherSettings;
  readonly producers: KnownProducers;
  readonly sketches: BucketSketches;
  /** what the records of each destination have shown; shared by the buffers of a pipeline */
  readonly topicRoles: TopicRoles;
}

interface NameIds {
  readonly typeId: number | null;
  readonly serviceId: number | null;
  readonly publisherId: number | null;
}

interface FailedOnes {
  deadLetters: number;
  retries: number;
  sourceName: string | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class EventBuffer implements FlushBuffer {
  readonly #options: EventBufferOptions;
  readonly #rows = new EventRows();
  readonly #totals: PublishTotals;
  readonly #batches = new Map<ReadPartition, Mutable<BatchRow>>();
  readonly #failures: FailureRow[] = [];
  readonly #failed = new Map<number, FailedOnes>();
  #seenRoles: readonly SeenRole[] = [];
  #changedRoles: readonly RoleRow[] = [];
  readonly #quarantined: QuarantineRow[] = [];
  readonly #producers = new ProducerTotals();
  #rules: ObserveRules & PublisherSettings;
  #serviceOfGroup: ReturnType<typeof openGroupServices>;
  #refused = false;
  #otherBytes = 0;
  #throughMs = 0;

  constructor(options: EventBufferOptions) {
    this.#options = options;
    this.#totals = new PublishTotals(options.sketches);
    this.#rules = options.rules();
    this.#serviceOfGroup = this.#openGroupServices();
  }

  #openGroupServices(): ReturnType<typeof openGroupServices> {
    const { services } = this.#options.names;
    return openGroupServices(this.#rules.groupServices, (name) => (services.has(name) ? name : undefined));
  }

  get records(): number {
    return this.#rows.rows + this.#quarantined.length;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#otherBytes;
  }

  add(at: ReadPartition, record: LogRecord): Preparation | null {
    if (record.unreadable !== undefined) {
      this.quarantine(at, record, record.unreadable);
      return null;
    }
    let observation: Observation;
    try {
      observation = observe(rawRecord(at, record), this.#rules);
    } catch (error) {
      this.quarantine(at, record, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
      return null;
    }
    const { types, services } = this.#options.names;
    const { destinationId } = at;
    const { eventType, service } = observation;
    const version = observation.schemaVersion ?? "";
    const idOfService = (name: string | null) => (name === null ? null : services.idOf(destinationId, name, ""));
    const typeId = eventType === null ? null : types.idOf(destinationId, eventType, version);
    if (typeId === undefined) return () => types.resolve(destinationId, eventType ?? "", version);
    const serviceId = idOfService(service);
    if (serviceId === undefined) return () => services.resolve(destinationId, service ?? "", "");
    const publisher = this.#publisherOf(observation);
    const publisherId = publisher === service ? serviceId : idOfService(publisher);
    if (publisherId === undefined) return () => services.resolve(destinationId, publisher ?? "", "");
    this.#take(at, record, observation, { typeId, serviceId, publisherId });
    return null;
  }

  /**
   * A dead letter or a retry keeps the headers of the event it copies, but its publisher is the service of the group
   * that failed.
   */
  #publisherOf({ deadLetter, retryHop, service }: Observation): string | null {
    if (deadLetter === null && !retryHop) return service;
    const group = deadLetter?.consumerGroup ?? null;
    return group === null ? null : (this.#serviceOfGroup(group)?.service ?? null);
  }

  /** The service by which a record names its producer. What is copied bears the name of another event's publisher. */
  #nameOf(observation: Observation, serviceId: number | null): number | null {
    if (serviceId === null || !observation.namesService) return null;
    if (observation.deadLetter !== null || observation.retryHop) return null;
    return this.#options.names.services.isShared(serviceId) ? null : serviceId;
  }

  #take(
    at: ReadPartition,
    record: LogRecord,
    observation: Observation,
    { typeId, serviceId, publisherId: ownId }: NameIds,
  ): void {
    // What Flowtap sends itself shows nothing of anybody's producers.
    const producer = observation.replay === null ? (record.producer ?? UNKNOWN_PRODUCER) : null;
    const publisherId = ownId ?? (producer === null ? null : this.#options.producers.serviceOf(producer.id));
    const producerId =
      producer !== null && producer.id >= 0n && (ownId === null || producer.isTransactional) ? producer.id : null;
    const occurredAtMs = this.#rows.add(rowOf(at, record, observation, typeId, publisherId, producerId));
    if (producer !== null)
      this.#producers.add(at.destinationId, producer, occurredAtMs, this.#nameOf(observation, serviceId));
    if (occurredAtMs > this.#throughMs) this.#throughMs = occurredAtMs;
    const { deadLetter, errorEvent } = observation;
    this.#totals.add(
      at.destinationId,
      publisherId ?? 0,
      typeId ?? 0,
      observation.sizeBytes,
      deadLetter !== null || errorEvent !== null,
      observation.createdAtMs === null ? null : occurredAtMs - observation.createdAtMs,
    );
    this.#addToBatch(at, record.offset, occurredAtMs);
    if (deadLetter === null && errorEvent === null && !observation.retryHop) return;
    if (deadLetter !== null || observation.retryHop) this.#addFailed(at.destinationId, deadLetter);
    const failed = { at, record, observation, failedAtMs: occurredAtMs, typeId, serviceId };
    if (deadLetter !== null) this.#addFailure(deadLetterRow(failed, deadLetter));
    else if (errorEvent !== null && !observation.retryHop) this.#addFailure(errorEventRow(failed, errorEvent.message));
  }

  #addToBatch(at: ReadPartition, position: bigint, occurredAtMs: number): void {
    const batch = this.#batches.get(at);
    if (batch === undefined) {
      this.#batches.set(at, {
        destinationId: at.destinationId,
        partition: at.partition,
        firstPosition: position,
        lastPosition: position,
        firstOccurredAtMs: occurredAtMs,
        lastOccurredAtMs: occurredAtMs,
        events: 1,
      });
    } else {
      batch.lastPosition = position;
      batch.lastOccurredAtMs = occurredAtMs;
      batch.events++;
    }
  }

  #addFailed(destinationId: number, deadLetter: Observation["deadLetter"]): void {
    const failed = this.#failed.get(destinationId) ?? { deadLetters: 0, retries: 0, sourceName: null };
    this.#failed.set(destinationId, failed);
    if (deadLetter === null) failed.retries++;
    else failed.deadLetters++;
    failed.sourceName = deadLetter?.originalTopic ?? failed.sourceName;
  }

  /** What this flush shows of the role of each destination in it. */
  #rolesSeen(): SeenRole[] {
    const { ofTopic } = compileRules(this.#rules);
    return [...Map.groupBy(this.#batches, ([at]) => at.destinationId)].map(([destinationId, batches]) => {
      const { role, declared } = ofTopic((batches[0] as (typeof batches)[number])[0].topic);
      return {
        destinationId,
        events: batches.reduce((sum, [, batch]) => sum + batch.events, 0),
        ...(this.#failed.get(destinationId) ?? { deadLetters: 0, retries: 0, sourceName: null }),
        named: declared?.role ?? (role.deadLetterName ? "dead_letter" : role.retryName ? "retry" : null),
      };
    });
  }

  #addFailure(failure: FailureRow): void {
    this.#failures.push(failure);
    this.#otherBytes += 400 + 2 * ((failure.message?.length ?? 0) + (failure.stack?.length ?? 0));
  }

  quarantine(at: ReadPartition, record: LogRecord, reason: string): void {
    this.#quarantined.push({
      destinationId: at.destinationId,
      partition: at.partition,
      position: record.offset,
      reason: storableText(reason.slice(0, MAX_REASON_CHARS)),
    });
    this.#otherBytes += 100 + reason.length;
  }

  async write(flush: Flush): Promise<void> {
    if (!this.#refused) {
      const { bucketMs, rows } = this.#totals.rows(flush.storedAtMs);
      await writeEvents(flush, {
        rows: this.#rows,
        batches: [...this.#batches.values()],
        bucketMs,
        tapId: this.#options.tapId,
        publishes: rows,
        throughMs: this.#throughMs,
      });
      await insertFailures(flush.client, this.#options.clusterId, flush.storedAtMs, this.#failures);
      this.#seenRoles = this.#rolesSeen();
      this.#changedRoles = this.#options.topicRoles.changed(this.#seenRoles);
      await correctRoles(flush, this.#changedRoles);
    }
    await insertQuarantine(flush, this.#quarantined);
  }

  stored(): { stored: number; quarantined: number } {
    this.#totals.committed();
    this.#useNames();
    this.#options.producers.addWritten(this.#producers.all, this.#producers.dropped);
    this.#options.topicRoles.committed(this.#seenRoles, this.#changedRoles);
    return { stored: this.#rows.rows, quarantined: this.#quarantined.length };
  }

  #useNames(): void {
    const { types, services } = this.#options.names;
    for (const { typeId, serviceId } of this.#totals.all) {
      types.use(typeId);
      services.use(serviceId);
    }
    for (const { serviceId } of this.#failures) if (serviceId !== null) services.use(serviceId);
  }

  refuse(reason: string): void {
    if (this.#refused) return;
    this.#refused = true;
    for (const position of this.#rows.positions())
      this.#quarantined.push({ ...position, reason: `its flush was refused: ${reason}`.slice(0, MAX_REASON_CHARS) });
    this.#rows.clear();
    this.#totals.clear();
    this.#producers.clear();
    this.#failed.clear();
    this.#seenRoles = this.#changedRoles = [];
  }

  clear(): void {
    this.#refused = false;
    this.#rows.clear();
    this.#totals.clear();
    this.#producers.clear();
    if (this.#rules !== this.#options.rules()) {
      this.#rules = this.#options.rules();
      this.#serviceOfGroup = this.#openGroupServices();
    }
    this.#batches.clear();
    this.#failures.length = 0;
    this.#failed.clear();
    this.#seenRoles = this.#changedRoles = [];
    this.#quarantined.length = 0;
    this.#otherBytes = 0;
    this.#throughMs = 0;
  }
}
