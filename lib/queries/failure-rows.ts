/** Failures and their dead letters as the API gives them. */
import type { FailureTriage } from "#lib/contracts/failure-triage.ts";
import type { FailureGroupRow, FailureRow } from "#lib/contracts/failures.ts";
import { triageStateOf } from "#lib/domain/failure/triage.ts";
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import type { TriageColumns } from "#lib/store/failures/triage-read.ts";
import type { FailureGroupColumns } from "#lib/store/failures/failure-groups-read.ts";
import type { FailureColumns } from "#lib/store/failures/failures-read.ts";
import { traceIdOf } from "#lib/store/db/identifiers.ts";

export const stateOf = (triage: TriageColumns | undefined, unresolvedEvents: number, now: Date) =>
  triageStateOf(
    triage === undefined
      ? null
      : {
          status: triage.status,
          changedAtMs: triage.changedAt.getTime(),
          snoozedUntilMs: triage.snoozedUntil?.getTime() ?? null,
        },
    {
      unresolvedEvents,
      eventsSince: triage?.eventsSince ?? 0,
      eventsBefore: triage?.eventsBefore ?? 0,
      firstOpenSinceMs: triage?.cameBackAt?.getTime() ?? null,
    },
    now.getTime(),
  );

export function groupRow(
  { aged: _aged, agedOpen: _agedOpen, ...group }: FailureGroupColumns,
  triage: TriageColumns | undefined,
  now: Date,
  spark: number[],
): FailureGroupRow {
  const { state, reopened } = stateOf(triage, group.open + group.replaying, now);
  return {
    ...group,
    kind: group.format === ERROR_EVENT_FORMAT ? "error_event" : "dead_letter",
    state,
    triage: triage === undefined ? null : triageView(triage, reopened),
    firstAt: group.firstAt.toISOString(),
    lastAt: group.lastAt.toISOString(),
    newSinceDeployAt: group.newSinceDeployAt?.toISOString() ?? null,
    spark,
  };
}

const triageView = (
  { status, changedAt, changedBy, snoozedUntil, eventsSince, cameBackAt }: TriageColumns,
  reopened: FailureTriage["reopened"],
): FailureTriage => ({
  ...{ status, changedBy, reopened, eventsSince },
  changedAt: changedAt.toISOString(),
  snoozedUntil: snoozedUntil?.toISOString() ?? null,
  cameBackAt: cameBackAt?.toISOString() ?? null,
});

export function failureRow({ position, originalPosition, ...row }: FailureColumns): FailureRow {
  return {
    ...row,
    id: String(row.id),
    offset: String(position),
    failedAt: row.failedAt.toISOString(),
    originalOffset: originalPosition === null ? null : String(originalPosition),
    originalAt: row.originalAt?.toISOString() ?? null,
    traceId: row.traceId === null ? null : traceIdOf(row.traceId),
  };
}
