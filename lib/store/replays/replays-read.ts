/** Runs and their items as people see them. */
import { z } from "zod";
import { ReplayHold } from "#lib/contracts/replay-hold.ts";
import type { ReplayItemRow, ReplayRow, ReplayStatus, ReplayView } from "#lib/contracts/replays.ts";
import { holdText } from "#lib/domain/replay/hold.ts";
import { ITEM_REASON_TEXT } from "#lib/domain/replay/item-reason.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { FAILED_AGAIN, isOrRetriesFor } from "./outcomes.ts";
import { StoredPlan } from "./plan.ts";
import { readRunLog } from "./run-log.ts";
import { wordOf } from "../db/rows.ts";

interface ItemRow {
  seq: number;
  failure_id: bigint | null;
  source_topic: string;
  source_partition: number;
  source_offset: bigint;
  target_topic: string;
  target_partition: number | null;
  target_offset: bigint | null;
  key: string | null;
  newer_position: bigint | null;
  edit: unknown;
  status: string;
  reason: string | null;
  detail: string | null;
  sent_at: Date | null;
  outcome_at: Date | null;
  current_outcome: ReplayItemRow["outcome"];
  trace_id: string | null;
  again_fingerprint: string | null;
  again_title: string | null;
  again_same: boolean | null;
}

interface OutcomeCount {
  readonly outcome: ReplayItemRow["outcome"];
  readonly other_cause: boolean;
  readonly items: number;
  readonly recent: number;
}

/** what a run's present rate is taken from */
const RECENT_SECONDS = 10;

type RunRow = Prisma.ReplayRunGetPayload<object>;
type Counts = ReplayRow["progress"];

/**
 * Items with what became of each, as far as that is settled. Until then: waiting, or unknown where no group reads the
 * target that could tell.
 */
const ITEMS_WITH_OUTCOME = Prisma.sql`
  SELECT i.*, f.trace_id::text, again.fingerprint AS again_fingerprint, again.title AS again_title,
    again.fingerprint = f.fingerprint AS again_same,
    CASE
      WHEN i.status <> 'sent' THEN 'not_sent'
      WHEN i.outcome IS NOT NULL THEN i.outcome
      WHEN EXISTS (
        SELECT 1
        FROM group_partitions gp
        JOIN consumer_groups g ON g.id = gp.group_id
        WHERE gp.destination_id = d.id
          AND gp.partition = i.target_partition
          AND (COALESCE(r.group_name, f.group_name) IS NULL OR ${isOrRetriesFor(Prisma.sql`g.name`)})
      ) THEN 'waiting'
      ELSE 'unknown'
    END AS current_outcome
  FROM replay_items i
  JOIN replay_runs r ON r.id = i.run_id
  LEFT JOIN failures f ON f.id = i.failure_id
  LEFT JOIN destinations d ON d.cluster_id = r.cluster_id AND d.name = i.target_topic
  LEFT JOIN LATERAL (${FAILED_AGAIN}) again ON i.outcome = 'dead_lettered'`;

export async function readReplayRows(
  prisma: PrismaClient,
  wanted: {
    readonly group?: string | undefined;
    readonly status?: ReplayStatus | undefined;
    readonly beforeId: number | null;
    readonly limit: number;
  },
): Promise<ReplayRow[]> {
  const runs = await prisma.replayRun.findMany({
    where: {
      ...(wanted.group !== undefined && { groupName: wanted.group }),
      ...(wanted.status !== undefined && { status: wanted.status }),
      ...(wanted.beforeId !== null && { id: { lt: wanted.beforeId } }),
    },
    orderBy: { id: "desc" },
    take: wanted.limit,
  });
  return rowsOf(prisma, runs);
}

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

/** A page of a run's items, in their order. */
export async function readReplayItems(
  prisma: PrismaClient,
  id: number,
  page: { readonly afterSeq: number; readonly limit: number },
): Promise<ReplayItemRow[]> {
  const rows = await prisma.$queryRaw<
    ItemRow[]
  >`${ITEMS_WITH_OUTCOME} WHERE i.run_id = ${id} AND i.seq > ${page.afterSeq} ORDER BY i.seq LIMIT ${page.limit}`;
  return rows.map(itemOf);
}

async function rowsOf(prisma: PrismaClient, runs: readonly RunRow[]): Promise<ReplayRow[]> {
  const [clusters, counts] = await Promise.all([
    prisma.cluster.findMany({
      where: { id: { in: runs.map((run) => run.clusterId) } },
      select: { id: true, name: true },
    }),
    prisma.replayItem.groupBy({
      by: ["runId", "status", "outcome"],
      where: { runId: { in: runs.map((run) => run.id) } },
      _count: true,
    }),
  ]);
  return runs.map((run) => ({
    id: run.id,
    kind: wordOf("replay_runs.kind", run.kind),
    status: wordOf("replay_runs.status", run.status),
    cluster: clusters.find((cluster) => cluster.id === run.clusterId)?.name ?? "",
    group: run.groupName,
    createdBy: run.createdBy,
    reason: run.reason,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    ...holdOf(run),
    sandbox: sandboxOf(run),
    progress:
      run.kind === "offset_reset" ? resetProgress(run) : itemProgress(counts.filter((count) => count.runId === run.id)),
  }));
}

/** What a run waits for is not an error, but clients have read it as `error` since before it had a field of its own. */
function holdOf({ hold, error }: RunRow): Pick<ReplayRow, "hold" | "error"> {
  const kept = ReplayHold.nullable().catch(null).parse(hold);
  return { hold: kept, error: kept === null ? error : holdText(kept) };
}

/** The one thing of a plan that lists need: the rest of it is large. */
const ToSandbox = z.object({ preview: z.object({ to: z.object({ how: z.literal("sandbox"), topic: z.string() }) }) });

function sandboxOf({ kind, plan }: RunRow): string | null {
  return kind === "redrive" ? (ToSandbox.safeParse(plan).data?.preview.to.topic ?? null) : null;
}

function itemProgress(counts: readonly { status: string; outcome: string | null; _count: number }[]): Counts {
  const of = (...statuses: string[]): number =>
    counts.filter(({ status }) => statuses.includes(status)).reduce((sum, { _count }) => sum + _count, 0);
  const withOutcome = (...outcomes: string[]): number =>
    counts
      .filter(({ outcome }) => outcome !== null && outcomes.includes(outcome))
      .reduce((sum, { _count }) => sum + _count, 0);
  return {
    total: of("pending", "sending", "sent", "skipped", "failed"),
    sent: of("sent"),
    skipped: of("skipped"),
    failed: of("failed"),
    pending: of("pending", "sending"),
    verified: withOutcome("consumed", "dead_lettered"),
    failedAgain: withOutcome("dead_lettered"),
  };
}

/** The broker takes a reset whole or not at all. */
function resetProgress(run: RunRow): Counts {
  const { preview } = StoredPlan.parse(run.plan);
  const total = preview.kind === "offset_reset" ? preview.partitions.length : 0;
  const at = (...statuses: string[]): number => (statuses.includes(run.status) ? total : 0);
  return {
    total,
    sent: at("completed"),
    skipped: at("cancelled"),
    failed: at("failed"),
    pending: at("draft", "queued", "running", "paused"),
    verified: at("completed"),
    failedAgain: 0,
  };
}

function itemOf(row: ItemRow): ReplayItemRow {
  const reason = wordOf("replay_items.reason", row.reason);
  return {
    seq: row.seq,
    failureId: row.failure_id?.toString() ?? null,
    sourceTopic: row.source_topic,
    sourcePartition: row.source_partition,
    sourceOffset: row.source_offset.toString(),
    targetTopic: row.target_topic,
    targetPartition: row.target_partition,
    targetOffset: row.target_offset?.toString() ?? null,
    key: row.key,
    newerOffset: row.newer_position?.toString() ?? null,
    edited: row.edit !== null,
    status: wordOf("replay_items.status", row.status),
    reason,
    detail: reason === null ? row.detail : ITEM_REASON_TEXT[reason],
    sentAt: row.sent_at?.toISOString() ?? null,
    outcome: row.current_outcome,
    outcomeAt: row.outcome_at?.toISOString() ?? null,
    traceId: row.trace_id?.replaceAll("-", "") ?? null,
    again:
      row.again_fingerprint === null
        ? null
        : { fingerprint: row.again_fingerprint, title: row.again_title ?? "", sameCause: row.again_same === true },
  };
}
