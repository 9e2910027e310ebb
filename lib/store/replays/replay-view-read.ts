/** One run with a page of its items and the counts of their outcomes. */
import type { ReplayItemRow, ReplayView } from "#lib/contracts/replays.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { StoredPlan } from "./plan.ts";
import { readRunLog } from "./run-log.ts";
import { type ItemRow, ITEMS_WITH_OUTCOME, itemOf } from "./replay-items-read.ts";
import { rowsOf } from "./replay-rows-read.ts";

interface OutcomeCount {
  readonly outcome: ReplayItemRow["outcome"];
  readonly other_cause: boolean;
  readonly items: number;
  readonly recent: number;
}

/** what a run's present rate is taken from */
const RECENT_SECONDS = 10;

/** Null: there is no such run. */
export async function readReplayView(
  prisma: PrismaClient,
  id: number,
  page: { readonly afterSeq: number; readonly limit: number },
): Promise<ReplayView | null> {
  const run = await prisma.replayRun.findUnique({ where: { id } });
  if (run === null) return null;
  const [[row], items, outcomes] = await Promise.all([
    rowsOf(prisma, [run]),
    prisma.$queryRaw<
      ItemRow[]
    >`${ITEMS_WITH_OUTCOME} WHERE i.run_id = ${id} AND i.seq > ${page.afterSeq} ORDER BY i.seq LIMIT ${page.limit + 1}`,
    prisma.$queryRaw<OutcomeCount[]>`
      SELECT current_outcome AS outcome, again_same IS FALSE AS other_cause, count(*)::int AS items,
        (count(*) FILTER (WHERE sent_at > now() - make_interval(secs => ${RECENT_SECONDS}::int)))::int AS recent
      FROM (${ITEMS_WITH_OUTCOME} WHERE i.run_id = ${id}) AS items
      GROUP BY 1, 2`,
  ]);
  if (row === undefined) return null;
  const sum = (counts: readonly OutcomeCount[], what: "items" | "recent" = "items"): number =>
    counts.reduce((all, one) => all + one[what], 0);
  const count = (outcome: ReplayItemRow["outcome"]): number => sum(outcomes.filter((one) => one.outcome === outcome));
  const shown = items.slice(0, page.limit);
  return {
    row,
    preview: StoredPlan.parse(run.plan).preview,
    ...(await readRunLog(prisma, run)),
    items: {
      items: shown.map(itemOf),
      next: items.length > page.limit ? String(shown.at(-1)?.seq) : null,
      total: sum(outcomes),
    },
    recentPerSecond: sum(outcomes, "recent") / RECENT_SECONDS,
    outcomes: {
      consumed: count("consumed"),
      deadLettered: count("dead_lettered"),
      otherCause: sum(outcomes.filter((one) => one.other_cause)),
      waiting: count("waiting"),
      notSent: count("not_sent"),
      unknown: count("unknown"),
      notApplicable: count("not_applicable"),
    },
  };
}
