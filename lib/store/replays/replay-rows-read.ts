/** Runs as lists show them, with their progress. */
import { z } from "zod";
import { ReplayHold } from "#lib/contracts/replay-hold.ts";
import type { ReplayRow } from "#lib/contracts/replays.ts";
import type { ReplayStatus } from "#lib/domain/replay/run.ts";
import { holdText } from "#lib/domain/replay/hold.ts";
import type { Prisma } from "../prisma/generated/client.ts";
import { type PrismaClient } from "../prisma/generated/client.ts";
import { readVerifying } from "./outcomes.ts";
import { StoredPlan } from "./plan.ts";
import { wordOf } from "../db/rows.ts";

type RunRow = Prisma.ReplayRunGetPayload<object>;
type Counts = ReplayRow["progress"];

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

export async function rowsOf(prisma: PrismaClient, runs: readonly RunRow[]): Promise<ReplayRow[]> {
  const [clusters, counts, verifying] = await Promise.all([
    prisma.cluster.findMany({
      where: { id: { in: runs.map((run) => run.clusterId) } },
      select: { id: true, name: true },
    }),
    prisma.replayItem.groupBy({
      by: ["runId", "status", "outcome"],
      where: { runId: { in: runs.map((run) => run.id) } },
      _count: true,
    }),
    readVerifying(
      prisma,
      runs.filter(({ kind, status }) => kind === "redrive" && status === "completed").map(({ id }) => id),
    ),
  ]);
  return runs.map((run) => ({
    id: run.id,
    kind: wordOf("replay_runs.kind", run.kind),
    status: verifying.has(run.id) ? "verifying" : wordOf("replay_runs.status", run.status),
    cluster: clusters.find((cluster) => cluster.id === run.clusterId)?.name ?? "",
    group: run.groupName,
    revision: run.revision,
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
