/** Runs and their items as people see them. */
import type { ReplayItemRow, ReplayRow, ReplayStatus, ReplayView } from "#lib/contracts/replays.ts";
import { Prisma, type PrismaClient } from "./prisma/generated/client.ts";
import { StoredPlan } from "./replays-plan.ts";

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
  status: ReplayItemRow["status"];
  detail: string | null;
  sent_at: Date | null;
  outcome: ReplayItemRow["outcome"];
}

type RunRow = Prisma.ReplayRunGetPayload<object>;
type Counts = ReplayRow["progress"];

/**
 * Items with what became of each. Asked of the group that failed; where the dead letter does not name one, of every group that reads
 * the target. An event that failed again lies in a dead-letter topic and names the position it was sent to; a failure known before
 * the replay names a topic's former life.
 */
const ITEMS_WITH_OUTCOME = Prisma.sql`
  SELECT i.*, CASE
      WHEN i.status <> 'sent' THEN 'not_sent'
      WHEN EXISTS (SELECT 1 FROM failures again WHERE again.original_destination_id = d.id AND again.original_partition = i.target_partition AND again.original_position = i.target_offset AND again.id > i.failure_id
                     AND (f.group_name IS NULL OR again.group_name IS NULL OR again.group_name = f.group_name)) THEN 'dead_lettered'
      WHEN readers.passed IS NULL THEN 'unknown'
      WHEN readers.passed THEN 'consumed'
      ELSE 'waiting'
    END AS outcome
  FROM replay_items i
  JOIN replay_runs r ON r.id = i.run_id
  LEFT JOIN failures f ON f.id = i.failure_id
  LEFT JOIN destinations d ON d.cluster_id = r.cluster_id AND d.name = i.target_topic
  LEFT JOIN LATERAL (
    SELECT bool_and(COALESCE(gp.committed_offset > i.target_offset, false)) AS passed
    FROM group_partitions gp JOIN consumer_groups g ON g.id = gp.group_id
    WHERE gp.destination_id = d.id AND gp.partition = i.target_partition AND (f.group_name IS NULL OR g.name = f.group_name)
  ) readers ON i.status = 'sent'`;

export async function readReplayRows(prisma: PrismaClient, wanted: { readonly group?: string | undefined; readonly status?: ReplayStatus | undefined; readonly beforeId: number | null; readonly limit: number }): Promise<ReplayRow[]> {
  const runs = await prisma.replayRun.findMany({
    where: { ...(wanted.group !== undefined && { groupName: wanted.group }), ...(wanted.status !== undefined && { status: wanted.status }), ...(wanted.beforeId !== null && { id: { lt: wanted.beforeId } }) },
    orderBy: { id: "desc" },
    take: wanted.limit,
  });
  return rowsOf(prisma, runs);
}

/** Null: there is no such run. */
export async function readReplayView(prisma: PrismaClient, id: number, page: { readonly afterSeq: number; readonly limit: number }): Promise<ReplayView | null> {
  const run = await prisma.replayRun.findUnique({ where: { id } });
  if (run === null) return null;
  const [[row], items, outcomes] = await Promise.all([
    rowsOf(prisma, [run]),
    prisma.$queryRaw<ItemRow[]>`${ITEMS_WITH_OUTCOME} WHERE i.run_id = ${id} AND i.seq > ${page.afterSeq} ORDER BY i.seq LIMIT ${page.limit + 1}`,
    prisma.$queryRaw<{ outcome: ReplayItemRow["outcome"]; items: bigint }[]>`SELECT outcome, count(*) AS items FROM (${ITEMS_WITH_OUTCOME} WHERE i.run_id = ${id}) AS told GROUP BY outcome`,
  ]);
  if (row === undefined) return null;
  const count = (outcome: ReplayItemRow["outcome"]): number => Number(outcomes.find((one) => one.outcome === outcome)?.items ?? 0);
  const shown = items.slice(0, page.limit);
  return {
    row,
    preview: StoredPlan.parse(run.plan).preview,
    items: { items: shown.map(itemOf), next: items.length > page.limit ? String(shown.at(-1)?.seq) : null, total: outcomes.reduce((sum, one) => sum + Number(one.items), 0) },
    outcomes: { consumed: count("consumed"), deadLettered: count("dead_lettered"), waiting: count("waiting"), notSent: count("not_sent"), unknown: count("unknown") },
  };
}

/** Dead letters whose event was since consumed, or failed anew and lies there as a new one, are done with. Returns the runs they belong to. */
export async function resolveReplayedFailures(prisma: PrismaClient, limit: number): Promise<number[]> {
  const rows = await prisma.$queryRaw<{ run_id: number }[]>`
    WITH told AS (${ITEMS_WITH_OUTCOME} WHERE f.status = 'replaying' AND i.status = 'sent' AND r.created_at > now() - interval '30 days'),
         done AS (SELECT failure_id, run_id FROM told WHERE outcome IN ('consumed', 'dead_lettered') LIMIT ${limit}),
         resolved AS (UPDATE failures SET status = 'resolved' FROM done WHERE failures.id = done.failure_id AND failures.status = 'replaying' RETURNING failures.id)
    SELECT DISTINCT done.run_id FROM done JOIN resolved ON resolved.id = done.failure_id`;
  return rows.map((row) => row.run_id);
}

async function rowsOf(prisma: PrismaClient, runs: readonly RunRow[]): Promise<ReplayRow[]> {
  const [clusters, counts] = await Promise.all([
    prisma.cluster.findMany({ where: { id: { in: runs.map((run) => run.clusterId) } }, select: { id: true, name: true } }),
    prisma.replayItem.groupBy({ by: ["runId", "status"], where: { runId: { in: runs.map((run) => run.id) } }, _count: true }),
  ]);
  return runs.map((run) => ({
    id: run.id,
    kind: run.kind as ReplayRow["kind"],
    status: run.status as ReplayStatus,
    cluster: clusters.find((cluster) => cluster.id === run.clusterId)?.name ?? "",
    group: run.groupName,
    createdBy: run.createdBy,
    reason: run.reason,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    error: run.error,
    progress: run.kind === "redrive" ? itemProgress(counts.filter((count) => count.runId === run.id)) : resetProgress(run),
  }));
}

function itemProgress(counts: readonly { status: string; _count: number }[]): Counts {
  const of = (...statuses: string[]): number => counts.filter(({ status }) => statuses.includes(status)).reduce((sum, { _count }) => sum + _count, 0);
  return { total: of("pending", "sending", "sent", "skipped", "failed"), sent: of("sent"), skipped: of("skipped"), failed: of("failed"), pending: of("pending", "sending") };
}

/** The broker takes a reset whole or not at all. */
function resetProgress(run: RunRow): Counts {
  const { preview } = StoredPlan.parse(run.plan);
  const total = preview.kind === "offset_reset" ? preview.partitions.length : 0;
  const at = (...statuses: string[]): number => (statuses.includes(run.status) ? total : 0);
  return { total, sent: at("completed"), skipped: at("cancelled"), failed: at("failed"), pending: at("draft", "queued", "running") };
}

function itemOf(row: ItemRow): ReplayItemRow {
  return {
    seq: row.seq, failureId: row.failure_id?.toString() ?? null, sourceTopic: row.source_topic, sourcePartition: row.source_partition, sourceOffset: row.source_offset.toString(),
    targetTopic: row.target_topic, targetPartition: row.target_partition, targetOffset: row.target_offset?.toString() ?? null, key: row.key, status: row.status, detail: row.detail,
    sentAt: row.sent_at?.toISOString() ?? null, outcome: row.outcome,
  };
}
