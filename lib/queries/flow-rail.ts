import type { RailQuery, RailView } from "#lib/contracts/flow-detail.ts";
import { err, ok } from "#lib/domain/result.ts";
import { readKeptFrom, readRail } from "#lib/store/flow/series-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { BUCKET_MS, fillSteps, floorTo, spanOf, stepsBetween } from "./steps.ts";

const LONGEST_MS = 7 * 86_400_000;

/** Throughput and failures over time, and their current rates. */
export async function getRail(deps: QueryDeps, query: RailQuery): Answer<RailView> {
  const nowMs = deps.now();
  const toMs = query.to === undefined ? nowMs : Date.parse(query.to);
  const fromMs = query.from === undefined ? toMs - query.minutes * 60_000 : Date.parse(query.from);
  if (fromMs >= toMs)
    return err({
      code: "invalid_input",
      message: "`from` must be before `to`.",
      fields: [{ path: "from", message: "must be before `to`" }],
    });
  if (toMs - fromMs > LONGEST_MS)
    return err({
      code: "invalid_input",
      message: "The time range is at most seven days.",
      fields: [{ path: "from", message: "is more than seven days before `to`" }],
    });
  const steps = stepsBetween(fromMs, toMs, query.points);
  // Two buckets, because the newest one may have just begun.
  const recentFromMs = floorTo(nowMs, BUCKET_MS) - BUCKET_MS;
  const [rows, keptFrom, recent] = await Promise.all([
    readRail(deps.prisma, spanOf(steps), query.cluster),
    readKeptFrom(deps.prisma),
    readRail(
      deps.prisma,
      { from: new Date(recentFromMs), to: new Date(nowMs), stepSeconds: BUCKET_MS / 1000 },
      query.cluster,
    ),
  ]);
  const perSecond = (of: (row: { events: number; errors: number }) => number) =>
    recent.reduce((sum, row) => sum + of(row), 0) / ((nowMs - recentFromMs) / 1000);
  return ok({
    from: new Date(steps.fromMs).toISOString(),
    to: new Date(steps.toMs).toISOString(),
    keptFrom: keptFrom?.toISOString() ?? null,
    stepSeconds: steps.stepMs / 1000,
    points: fillSteps(steps, rows, (at, row) => ({ at, events: row?.events ?? 0, errors: row?.errors ?? 0 })),
    nowPerSecond: perSecond((row) => row.events),
    errorsPerSecond: perSecond((row) => row.errors),
  });
}
