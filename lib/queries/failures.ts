import type { FailureGroupView, FailureQuery, FailuresQuery, FailuresView } from "#lib/contracts/failures.ts";
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readTriages, readHead, readMerged, readNotes } from "#lib/store/failures/triage-read.ts";
import { readFailureGroup, readFailureGroups } from "#lib/store/failures/failure-groups-read.ts";
import { readFailures } from "#lib/store/failures/failures-read.ts";
import { readFailureSeries } from "#lib/store/failures/failure-series-read.ts";
import { readOnlyReader } from "#lib/store/failures/only-reader-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { stateOf, groupRow, failureRow } from "./failure-rows.ts";
import { pageFrom, rowOf } from "./page-cursor.ts";
import { fillSteps, spanOf, stepsBetween } from "./steps.ts";

const DEFAULT_BACK_MS = 7 * 86_400_000;
const SPARK_POINTS = 30;
const SERIES_POINTS = 90;
/** The shortest time of a trend: over a shorter one, a single failure would fill the whole chart. */
const SHORTEST_TREND_MS = 30 * 60_000;

/** Dead letters and error events by fingerprint, the newest first. */
export async function listFailures(deps: QueryDeps, query: FailuresQuery): Answer<FailuresView> {
  const now = new Date(deps.now());
  const to = query.to === undefined ? now : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - DEFAULT_BACK_MS) : new Date(query.from);
  const row = rowOf(query.cursor);
  const snoozed = await listSnoozed(deps.prisma, now);
  const { rows: found, total } = await readFailureGroups(
    deps.prisma,
    { ...query, from, to, snoozed },
    query.limit + 1,
    row,
  );
  const { rows, next } = pageFrom(found, row, query.limit);
  if (rows.length === 0) return ok({ items: [], next, total });
  const earliest = Math.min(to.getTime() - SHORTEST_TREND_MS, ...rows.map((group) => group.firstAt.getTime()));
  const steps = stepsBetween(Math.max(earliest, from.getTime()), to.getTime(), SPARK_POINTS);
  const heads = rows.map((group) => group.fingerprint);
  const [series, triages] = await Promise.all([
    readFailureSeries(deps.prisma, heads, spanOf(steps)),
    readTriages(deps.prisma, heads, now),
  ]);
  const sparkOf = (fingerprint: string) =>
    fillSteps(
      steps,
      series.filter((point) => point.fingerprint === fingerprint),
      (_at, point) => point?.events ?? 0,
    );
  return ok({
    items: rows.map((group) =>
      groupRow(
        group,
        triages.find((triage) => triage.fingerprint === group.fingerprint),
        now,
        sparkOf(group.fingerprint),
      ),
    ),
    next,
    total,
  });
}

/** The fingerprints that are snoozed now: their time is not over, and they did not get worse. */
export async function listSnoozed(prisma: QueryDeps["prisma"], now: Date): Promise<string[]> {
  return (await readTriages(prisma, "snoozed", now))
    .filter((triage) => stateOf(triage, 1, now).state === "snoozed")
    .map((triage) => triage.fingerprint);
}

/** A failure with its dead letters, including those of fingerprints merged into it. */
export async function getFailureGroup(
  deps: QueryDeps,
  { fingerprint, query }: { fingerprint: string; query: FailureQuery },
): Answer<FailureGroupView> {
  const head = await readHead(deps.prisma, fingerprint);
  const group = await readFailureGroup(deps.prisma, head);
  if (group === null) return err(notFound(`The failure ${fingerprint}`));
  const row = rowOf(query.cursor);
  const now = new Date(deps.now());
  const steps = stepsBetween(
    Math.min(group.firstAt.getTime(), now.getTime() - SHORTEST_TREND_MS),
    now.getTime(),
    SERIES_POINTS,
  );
  const [found, series, [triage], merged, notes, onlyReader] = await Promise.all([
    readFailures(deps.prisma, head, query.status, query.limit + 1, row),
    readFailureSeries(deps.prisma, [head], spanOf(steps)),
    readTriages(deps.prisma, [head], now),
    group.merged === 0 ? [] : readMerged(deps.prisma, head),
    readNotes(deps.prisma, head),
    group.format === ERROR_EVENT_FORMAT || group.groups.length > 0 ? null : readOnlyReader(deps.prisma, head),
  ]);
  const { rows, next } = pageFrom(found, row, query.limit);
  const points = fillSteps(steps, series, (at, point) => ({ at, events: point?.events ?? 0 }));
  return ok({
    row: groupRow(
      group,
      triage,
      now,
      points.map((point) => point.events),
    ),
    failures: {
      items: rows.map(failureRow),
      next,
      total:
        query.status === undefined
          ? group.events - group.aged
          : query.status === "open"
            ? group.open - group.agedOpen
            : null,
    },
    stepSeconds: steps.stepMs / 1000,
    series: points,
    merged,
    onlyReader,
    notes: notes.map((note) => ({ ...note, at: note.at.toISOString() })),
  });
}
