import type { FailureGroupRow, FailureGroupView, FailureQuery, FailureRow, FailuresQuery, FailuresView } from "#lib/contracts/failures.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readFailureGroup, readFailureGroups, readFailures, readFailureSeries, type FailureColumns, type FailureGroupColumns } from "#lib/store/failures-read.ts";
import { traceIdOf } from "#lib/store/identifiers.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { pageFrom, rowOf } from "./page-cursor.ts";
import { fillSteps, spanOf, stepsBetween } from "./steps.ts";

const DEFAULT_BACK_MS = 7 * 86_400_000;
const SPARK_POINTS = 30;
const SERIES_POINTS = 90;
/** A trend is shown over this at least, or the first failure of all would look like a wall. */
const SHORTEST_TREND_MS = 30 * 60_000;

/** Dead letters by fingerprint, the latest first. */
export async function listFailures(deps: QueryDeps, query: FailuresQuery): Answer<FailuresView> {
  const to = query.to === undefined ? new Date(deps.now()) : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - DEFAULT_BACK_MS) : new Date(query.from);
  const row = rowOf(query.cursor);
  const { rows: found, total } = await readFailureGroups(deps.prisma, { ...query, from, to }, query.limit + 1, row);
  const { rows, next } = pageFrom(found, row, query.limit);
  const earliest = Math.min(to.getTime() - SHORTEST_TREND_MS, ...rows.map((group) => group.firstAt.getTime()));
  const steps = stepsBetween(Math.max(earliest, from.getTime()), to.getTime(), SPARK_POINTS);
  const series = rows.length === 0 ? [] : await readFailureSeries(deps.prisma, rows.map((group) => group.fingerprint), spanOf(steps));
  return ok({ items: rows.map((group) => groupRow(group, fillSteps(steps, series.filter((point) => point.fingerprint === group.fingerprint), (_at, point) => point?.events ?? 0))), next, total });
}

/** The dead letters of one fingerprint. */
export async function getFailureGroup(deps: QueryDeps, { fingerprint, query }: { fingerprint: string; query: FailureQuery }): Answer<FailureGroupView> {
  const group = await readFailureGroup(deps.prisma, fingerprint);
  if (group === null) return err(notFound(`The failure ${fingerprint}`));
  const row = rowOf(query.cursor);
  const nowMs = deps.now();
  const steps = stepsBetween(Math.min(group.firstAt.getTime(), nowMs - SHORTEST_TREND_MS), nowMs, SERIES_POINTS);
  const [found, series] = await Promise.all([readFailures(deps.prisma, fingerprint, query.status, query.limit + 1, row), readFailureSeries(deps.prisma, [fingerprint], spanOf(steps))]);
  const { rows, next } = pageFrom(found, row, query.limit);
  const points = fillSteps(steps, series, (at, point) => ({ at, events: point?.events ?? 0 }));
  return ok({
    row: groupRow(group, points.map((point) => point.events)),
    failures: { items: rows.map(failureRow), next, total: query.status === undefined ? group.events - group.aged : query.status === "open" ? group.open - group.agedOpen : null },
    stepSeconds: steps.stepMs / 1000,
    series: points,
  });
}

function groupRow(group: FailureGroupColumns, spark: number[]): FailureGroupRow {
  const { fingerprint, title, family, rootCauseClass, message, events, open } = group;
  return {
    ...{ fingerprint, title, family, rootCauseClass, message, events, open },
    firstAt: group.firstAt.toISOString(),
    lastAt: group.lastAt.toISOString(),
    groups: group.groups ?? [],
    topics: group.topics ?? [],
    types: group.types ?? [],
    spark,
  };
}

function failureRow({ position, originalPosition, ...row }: FailureColumns): FailureRow {
  return {
    ...row,
    id: String(row.id),
    offset: String(position),
    failedAt: row.failedAt.toISOString(),
    originalOffset: originalPosition === null ? null : String(originalPosition),
    originalAt: row.originalAt?.toISOString() ?? null,
    traceId: row.traceId === null ? null : traceIdOf(row.traceId),
    status: row.status as FailureRow["status"],
  };
}
