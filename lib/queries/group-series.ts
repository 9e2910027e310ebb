import type { GroupSeriesPoint } from "#lib/contracts/group-history.ts";
import type { PrismaClient } from "#lib/store/db/database.ts";
import { readCommitCounts, readGroupSeries, readInflow } from "#lib/store/groups/group-series-read.ts";
import { fillSteps, spanOf, type Steps } from "./steps.ts";

/** Commits are counted from their own rows: of longer spans that would be millions. */
const COMMITS_COUNTED_MS = 3 * 3_600_000;

/** How a group went, step by step. */
export async function groupSeries(prisma: PrismaClient, groupId: number, steps: Steps): Promise<GroupSeriesPoint[]> {
  const span = spanOf(steps);
  const counted = steps.toMs - steps.fromMs <= COMMITS_COUNTED_MS;
  const [rows, inflow, commits] = await Promise.all([
    readGroupSeries(prisma, groupId, span),
    readInflow(prisma, groupId, span),
    counted ? readCommitCounts(prisma, groupId, span) : [],
  ]);
  const inflowAt = new Map(inflow.map((point) => [point.at.getTime(), point.events]));
  const commitsAt = new Map(commits.map((point) => [point.at.getTime(), point.commits]));
  const seconds = steps.stepMs / 1000;
  return fillSteps(steps, rows, (at, point) => ({
    at,
    lagMessages: point?.lagMessages ?? null,
    timeLagMs: point?.timeLagMs ?? null,
    inRate: (inflowAt.get(Date.parse(at)) ?? 0) / seconds,
    outRate: (point?.consumed ?? 0) / seconds,
    errors: point?.errors ?? 0,
    members: point?.members ?? null,
    verdict: point?.verdict ?? null,
    commits: counted ? (commitsAt.get(Date.parse(at)) ?? 0) : null,
  }));
}
