/** From a record to what `observe` reads, and from the observation to a row of `events`. */
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import { EVENT_FLAG, packFlags } from "#lib/domain/message/flags.ts";
import type { Observation, RawRecord } from "#lib/domain/observe/observation.ts";
import type { EventRow } from "#lib/store/db/bulk-rows.ts";
import type { ReadPartition } from "./flush-buffer.ts";

// One object of each for the whole process saves two allocations a record: both are read before the next record comes.
const raw: { -readonly [K in keyof RawRecord]: RawRecord[K] } = {
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
  producerId: null,
  key: null,
};

export function rawRecord(at: ReadPartition, record: LogRecord): RawRecord {
  raw.topic = at.topic;
  raw.key = record.key;
  raw.value = record.value;
  raw.headers = record.headers;
  return raw;
}

export function rowOf(
  at: ReadPartition,
  record: LogRecord,
  observation: Observation,
  typeId: number | null,
  serviceId: number | null,
  producerId: bigint | null,
): EventRow {
  row.occurredAtMs = record.timestampMs;
  row.position = record.offset;
  row.destinationId = at.destinationId;
  row.partition = at.partition;
  row.sizeBytes = observation.sizeBytes;
  row.flags = flagsOf(observation);
  row.traceId = observation.traceId;
  row.conversationId = observation.conversationId;
  row.spanId = observation.spanId;
  row.parentSpanId = observation.parentSpanId;
  row.messageRef = observation.messageRef;
  row.causeRef = observation.causeRef;
  row.typeId = typeId;
  row.serviceId = serviceId;
  row.producerId = producerId;
  row.key = observation.key;
  return row;
}

function flagsOf(observation: Observation): number {
  let flags = packFlags(observation.traceOrigin);
  if (observation.tombstone) flags |= EVENT_FLAG.tombstone;
  if (observation.deadLetter !== null) flags |= EVENT_FLAG.deadLetter;
  if (observation.retryHop) flags |= EVENT_FLAG.retryHop;
  if (observation.errorEvent !== null) flags |= EVENT_FLAG.error;
  if (observation.replay !== null) flags |= EVENT_FLAG.replayed;
  return flags;
}
