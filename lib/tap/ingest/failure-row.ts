/** Rows of `failures` from dead letters and from error events. */
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import { fingerprintOf, fingerprintOfErrorEvent } from "#lib/domain/failure/fingerprint.ts";
import type { Observation } from "#lib/domain/observe/observation.ts";
import type { FailureRow } from "#lib/store/ingest/failures.ts";
import type { ReadPartition } from "./flush-buffer.ts";

/** A record that reports a failure, with the ids of its names. */
export interface FailedRecord {
  readonly at: ReadPartition;
  readonly record: LogRecord;
  readonly observation: Observation;
  readonly failedAtMs: number;
  readonly typeId: number | null;
  readonly serviceId: number | null;
}

export function deadLetterRow(failed: FailedRecord, deadLetter: NonNullable<Observation["deadLetter"]>): FailureRow {
  const { originalTopic, originalOffset, originalTimestampMs, consumerGroup, stage: _stage, ...facts } = deadLetter;
  return {
    ...facts,
    ...fingerprintOf(deadLetter, failed.observation.eventType),
    ...commonOf(failed),
    originalDestination: originalTopic,
    originalPosition: originalOffset,
    originalAtMs: originalTimestampMs,
    groupName: consumerGroup,
  };
}

/** The correlator finds the event that failed, and the group that failed on it. */
export function errorEventRow(failed: FailedRecord, message: string | null): FailureRow {
  return {
    format: ERROR_EVENT_FORMAT,
    ...fingerprintOfErrorEvent({ message }, failed.observation.eventType, failed.at.topic),
    ...commonOf(failed),
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
  };
}

const commonOf = ({ at, record, observation, failedAtMs, typeId, serviceId }: FailedRecord) => ({
  destinationId: at.destinationId,
  partition: at.partition,
  position: record.offset,
  failedAtMs,
  traceId: observation.traceId,
  typeId,
  serviceId,
  key: observation.key,
});
