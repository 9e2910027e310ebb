/** Turns records into rows of `events` and everything that is written beside them. */
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import { EVENT_FLAG, packFlags } from "#lib/domain/message/flags.ts";
import { openGroupServices } from "#lib/domain/correlation/group-service.ts";
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import { fingerprintOf, fingerprintOfErrorEvent } from "#lib/domain/failure/fingerprint.ts";
import { observe } from "#lib/domain/observe/observe.ts";
import type { Observation, RawRecord } from "#lib/domain/observe/observation.ts";
import type { ObserveRules } from "#lib/domain/observe/rules.ts";
import { EventRows, type EventRow } from "#lib/store/db/bulk-rows.ts";
import { insertFailures, type FailureRow } from "#lib/store/ingest/failures.ts";
import {
  correctRoles,
  insertQuarantine,
  writeEvents,
  type BatchRow,
  type Flush,
  type QuarantineRow,
  type RoleRow,
} from "#lib/store/ingest/flush.ts";
import type { Names } from "#lib/store/ingest/names.ts";
import type { FlushBuffer, ReadPartition } from "./pipeline.ts";
import { PublishTotals, type BucketSketches } from "./publish-totals.ts";
import { storableText } from "#lib/domain/text/text.ts";

const MAX_REASON_CHARS = 500;

export interface EventBufferOptions {
  readonly clusterId: number;
  readonly tapId: number;
  readonly names: Names;
  readonly rules: ObserveRules;
  readonly groupServices: Parameters<typeof openGroupServices>[0];
  readonly sketches: BucketSketches;
  /** destinations whose role records have told already; shared by the buffers of a pipeline */
  readonly rolesTold: Map<number, RoleRow["role"]>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class EventBuffer implements FlushBuffer {
  readonly #options: EventBufferOptions;
  readonly #rows = new EventRows();
  readonly #totals: PublishTotals;
  readonly #batches = new Map<ReadPartition, Mutable<BatchRow>>();
  readonly #failures: FailureRow[] = [];
  readonly #roles = new Map<number, RoleRow>();
  readonly #quarantined: QuarantineRow[] = [];
  readonly #serviceOfGroup: ReturnType<typeof openGroupServices>;
  #refused = false;
  #otherBytes = 0;
  #throughMs = 0;

  constructor(options: EventBufferOptions) {
    this.#options = options;
    this.#totals = new PublishTotals(options.sketches);
    const { groupServices, names } = options;
    this.#serviceOfGroup = openGroupServices(groupServices, (name) =>
      names.services.idOf(name, "") === undefined ? undefined : name,
    );
  }

  get records(): number {
    return this.#rows.rows + this.#quarantined.length;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#otherBytes;
  }

  add(at: ReadPartition, record: LogRecord): (() => Promise<void>) | null {
    if (record.unreadable !== undefined) {
      this.#quarantine(at, record, record.unreadable);
      return null;
    }
    let seen: Observation;
    try {
      seen = observe(rawRecord(at, record), this.#options.rules);
    } catch (error) {
      this.#quarantine(at, record, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
      return null;
    }
    const { types, services } = this.#options.names;
    const typeId = seen.eventType === null ? null : types.idOf(seen.eventType, seen.schemaVersion ?? "");
    if (typeId === undefined) return () => types.resolve(seen.eventType ?? "", seen.schemaVersion ?? "");
    const serviceId = seen.service === null ? null : services.idOf(seen.service, "");
    if (serviceId === undefined) return () => services.resolve(seen.service ?? "", "");
    this.#take(at, record, seen, typeId, serviceId);
    return null;
  }

  /**
   * A dead letter or a retry keeps the headers of the event it is a copy of; the service whose group failed
   * has published it.
   */
  #publisherOf(seen: Observation, serviceId: number | null): number | null {
    if (seen.deadLetter === null && !seen.retryHop) return serviceId;
    const group = seen.deadLetter?.consumerGroup ?? null;
    const service = group === null ? null : this.#serviceOfGroup(group);
    return service === null ? null : (this.#options.names.services.idOf(service.service, "") ?? null);
  }

  #take(
    at: ReadPartition,
    record: LogRecord,
    seen: Observation,
    typeId: number | null,
    serviceId: number | null,
  ): void {
    const publisherId = this.#publisherOf(seen, serviceId);
    const occurredAtMs = this.#rows.add(rowOf(at, record, seen, typeId, publisherId));
    if (occurredAtMs > this.#throughMs) this.#throughMs = occurredAtMs;
    const latencyMs = seen.createdAtMs === null ? null : occurredAtMs - seen.createdAtMs;
    this.#totals.add(
      at.destinationId,
      publisherId ?? 0,
      typeId ?? 0,
      seen.sizeBytes,
      seen.deadLetter !== null || seen.errorEvent !== null,
      latencyMs,
    );
    const batch = this.#batches.get(at);
    if (batch === undefined) {
      const { destinationId, partition } = at;
      this.#batches.set(at, {
        destinationId,
        partition,
        firstPosition: record.offset,
        lastPosition: record.offset,
        firstOccurredAtMs: occurredAtMs,
        lastOccurredAtMs: occurredAtMs,
        events: 1,
      });
    } else {
      batch.lastPosition = record.offset;
      batch.lastOccurredAtMs = occurredAtMs;
      batch.events++;
    }
    if (seen.deadLetter !== null || seen.retryHop) this.#fail(at, record, seen, occurredAtMs, typeId, serviceId);
    else if (seen.errorEvent !== null) this.#tellError(at, record, seen, occurredAtMs, typeId, serviceId);
  }

  #fail(
    at: ReadPartition,
    record: LogRecord,
    seen: Observation,
    failedAtMs: number,
    typeId: number | null,
    serviceId: number | null,
  ): void {
    const { destinationId, partition } = at;
    const role = seen.deadLetter === null ? "retry" : "dead_letter";
    if (this.#options.rolesTold.get(destinationId) !== role)
      this.#roles.set(destinationId, { destinationId, role, sourceName: seen.deadLetter?.originalTopic ?? null });
    if (seen.deadLetter === null) return;
    const {
      originalTopic,
      originalOffset,
      originalTimestampMs,
      consumerGroup,
      stage: _stage,
      ...facts
    } = seen.deadLetter;
    this.#push({
      ...facts,
      ...fingerprintOf(seen.deadLetter, seen.eventType),
      destinationId,
      partition,
      position: record.offset,
      failedAtMs,
      originalDestination: originalTopic,
      originalPosition: originalOffset,
      originalAtMs: originalTimestampMs,
      groupName: consumerGroup,
      traceId: seen.traceId,
      typeId,
      serviceId,
      key: seen.key,
    });
  }

  /** Which event it was that failed, and in which group, the correlator finds. */
  #tellError(
    { destinationId, partition, topic }: ReadPartition,
    record: LogRecord,
    seen: Observation,
    failedAtMs: number,
    typeId: number | null,
    serviceId: number | null,
  ): void {
    const message = seen.errorEvent?.message ?? null;
    this.#push({
      format: ERROR_EVENT_FORMAT,
      ...fingerprintOfErrorEvent({ message }, seen.eventType, topic),
      destinationId,
      partition,
      position: record.offset,
      failedAtMs,
      originalDestination: null,
      originalPartition: null,
      originalPosition: null,
      originalAtMs: null,
      groupName: null,
      exceptionClass: null,
      rootCauseClass: null,
      message,
      stack: null,
      attempt: null,
      traceId: seen.traceId,
      typeId,
      serviceId,
      key: seen.key,
    });
  }

  #push(failure: FailureRow): void {
    this.#failures.push(failure);
    this.#otherBytes += 400 + 2 * ((failure.message?.length ?? 0) + (failure.stack?.length ?? 0));
  }

  #quarantine(at: ReadPartition, record: LogRecord, reason: string): void {
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
      await correctRoles(flush, [...this.#roles.values()]);
    }
    await insertQuarantine(flush, this.#quarantined);
  }

  stored(): { stored: number; quarantined: number } {
    this.#totals.committed();
    for (const { destinationId, role } of this.#roles.values()) this.#options.rolesTold.set(destinationId, role);
    return { stored: this.#rows.rows, quarantined: this.#quarantined.length };
  }

  refuse(reason: string): void {
    if (this.#refused) return;
    this.#refused = true;
    for (const place of this.#rows.positions())
      this.#quarantined.push({ ...place, reason: `its flush was refused: ${reason}`.slice(0, MAX_REASON_CHARS) });
    this.#rows.clear();
    this.#totals.clear();
    this.#roles.clear();
  }

  clear(): void {
    this.#refused = false;
    this.#rows.clear();
    this.#totals.clear();
    this.#batches.clear();
    this.#failures.length = 0;
    this.#roles.clear();
    this.#quarantined.length = 0;
    this.#otherBytes = 0;
    this.#throughMs = 0;
  }
}

// One object of each for the whole process: they are read before the next record is looked at.
type Scratch<T> = Mutable<T>;
const raw: Scratch<RawRecord> = {
  topic: "",
  key: null,
  value: null,
  headers: [],
};
const row: EventRow = {
  occurredAtMs: 0,
  position: 0n,
  destinationId: 0,
  partition: 0,
  sizeBytes: 0,
  flags: 0,
  traceId: null,
  conversationId: null,
  spanId: null,
  parentSpanId: null,
  messageRef: null,
  causeRef: null,
  typeId: null,
  serviceId: null,
  key: null,
};

function rawRecord(at: ReadPartition, record: LogRecord): RawRecord {
  raw.topic = at.topic;
  raw.key = record.key;
  raw.value = record.value;
  raw.headers = record.headers;
  return raw;
}

function rowOf(
  at: ReadPartition,
  record: LogRecord,
  seen: Observation,
  typeId: number | null,
  serviceId: number | null,
): EventRow {
  row.occurredAtMs = record.timestampMs;
  row.position = record.offset;
  row.destinationId = at.destinationId;
  row.partition = at.partition;
  row.sizeBytes = seen.sizeBytes;
  row.flags = flagsOf(seen);
  row.traceId = seen.traceId;
  row.conversationId = seen.conversationId;
  row.spanId = seen.spanId;
  row.parentSpanId = seen.parentSpanId;
  row.messageRef = seen.messageRef;
  row.causeRef = seen.causeRef;
  row.typeId = typeId;
  row.serviceId = serviceId;
  row.key = seen.key;
  return row;
}

function flagsOf(seen: Observation): number {
  let flags = packFlags(seen.traceOrigin);
  if (seen.tombstone) flags |= EVENT_FLAG.tombstone;
  if (seen.deadLetter !== null) flags |= EVENT_FLAG.deadLetter;
  if (seen.retryHop) flags |= EVENT_FLAG.retryHop;
  if (seen.errorEvent !== null) flags |= EVENT_FLAG.error;
  if (seen.replay !== null) flags |= EVENT_FLAG.replayed;
  return flags;
}
