import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { OffsetResetPreview, SkipPreview } from "#lib/contracts/replay-preview.ts";
import type { ReplayRunInput } from "#lib/contracts/replay-input.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { err, ok } from "#lib/domain/result.ts";
import { queueRun } from "#lib/store/replays/queue-run.ts";
import { cancelRun, pauseRun, resumeRun } from "#lib/store/replays/replays-change.ts";
import { readReplayView } from "#lib/store/replays/replay-view-read.ts";
import type { RunChange } from "#lib/store/replays/run-change.ts";
import { brokerRefusal, invalid, noCluster, type Actor, type Answer, type CommandDeps } from "./deps.ts";
import { describeMembers, readGroupCommits } from "./partition-progress.ts";
import { refusalOfOpenChoice } from "./open-choices.ts";
import { prepareSandbox } from "./sandbox.ts";

const MIN_REASON_CHARS = 3;

/** Queues a draft, which a tap then runs. What may have changed since the preview is checked once more. */
export async function runReplay(
  deps: CommandDeps,
  id: number,
  reason: string,
  actor: Actor,
  { waitForEmptySeconds = 0, revision }: Pick<ReplayRunInput, "waitForEmptySeconds" | "revision"> = {},
): Answer<ReplayView> {
  if (reason.trim().length < MIN_REASON_CHARS) return err(invalid("reason", "Say why, in three letters or more."));
  const refusal = await refusalOfDraft(deps, id, actor, waitForEmptySeconds > 0);
  if (refusal !== null) return err(refusal);
  return answer(
    deps,
    id,
    await queueRun(deps.prisma, id, actor, {
      reason: reason.trim(),
      waitUntil: waitForEmptySeconds > 0 ? new Date(Date.now() + waitForEmptySeconds * 1000) : null,
      revision: revision ?? null,
    }),
  );
}

/** Nothing more is sent after the batch under way. What was sent stays sent. */
export async function cancelReplay(
  deps: CommandDeps,
  id: number,
  reason: string | null,
  actor: Actor,
): Answer<ReplayView> {
  return answer(deps, id, await cancelRun(deps.prisma, id, actor, reason));
}

/** Nothing more is sent after the batch under way, until somebody resumes it. */
export async function pauseReplay(
  deps: CommandDeps,
  id: number,
  reason: string | null,
  actor: Actor,
): Answer<ReplayView> {
  return answer(deps, id, await pauseRun(deps.prisma, id, actor, reason));
}

/** Continues a run where it was paused. To resume a run that a guard has paused is to overrule that guard. */
export async function resumeReplay(
  deps: CommandDeps,
  id: number,
  reason: string | null,
  actor: Actor,
): Answer<ReplayView> {
  return answer(deps, id, await resumeRun(deps.prisma, id, actor, reason));
}

export async function answer(deps: CommandDeps, id: number, change: RunChange): Answer<ReplayView> {
  if (!change.changed) return err(explain(id, change));
  const view = await readReplayView(deps.prisma, id, { afterSeq: -1, limit: 50 });
  return view === null ? err(notFound(id)) : ok(view);
}

const notFound = (id: number): AppError => ({ code: "not_found", message: `Replay ${id} is not known to Flowtap.` });

export function explain(id: number, change: Exclude<RunChange, { changed: true }>): AppError {
  switch (change.because) {
    case "not_found":
      return notFound(id);
    case "not_draft":
      return { code: "conflict", message: `Replay ${id} was started already: it is ${change.status}.` };
    case "not_running":
      return {
        code: "conflict",
        message: `Replay ${id} cannot be paused: only a redrive under way can, and this is ${change.status}.`,
      };
    case "not_paused":
      return { code: "conflict", message: `Replay ${id} is not paused: it is ${change.status}.` };
    case "ended":
      return { code: "conflict", message: `Replay ${id} cannot be stopped: it is ${change.status}.` };
    case "changed_since":
      return {
        code: "conflict",
        message:
          `Replay ${id} was changed while you looked at it (revision ${change.revision} by now). ` +
          "Read it once more, then run it.",
      };
    case "nothing_left":
      return {
        code: "conflict",
        message:
          "Nothing is left to send: since the preview every one of these events was sent again or has left its topic.",
      };
  }
}

/** Why a draft must not run as it is; null: it may. */
async function refusalOfDraft(deps: CommandDeps, id: number, actor: Actor, mayWait: boolean): Promise<AppError | null> {
  const view = await readReplayView(deps.prisma, id, { afterSeq: -1, limit: 1 });
  if (view === null || view.row.status !== "draft") return null;
  if (view.preview.kind === "redrive")
    return refusalOfOpenChoice(view.preview) ?? prepareSandbox(deps, view.row, view.preview, actor);
  // A plan that may wait is made again once the group is empty, so a check of the present state would prove nothing.
  return mayWait ? null : refusalOfMove(deps, view.preview);
}

/** Why offsets must not be moved: somebody is connected, or the group has moved since. */
async function refusalOfMove(deps: CommandDeps, preview: OffsetResetPreview | SkipPreview): Promise<AppError | null> {
  const { cluster, group } = preview;
  const partitions = preview.kind === "skip" ? [preview] : preview.partitions;
  const inspector = deps.inspectorOf(cluster);
  if (inspector === null) return noCluster(cluster);
  try {
    const { info, committed } = await readGroupCommits(inspector, group);
    const members = info?.members ?? [];
    if (members.length > 0) {
      const whatToDo = "Stop its consumers first, or let it wait for that";
      return {
        code: "conflict",
        message: `${group} must be empty for that. ${whatToDo}; connected: ${describeMembers(members)}.`,
      };
    }
    const moved = partitions.filter(
      (one) => (committed.get(partitionKey(one))?.offset.toString() ?? null) !== one.from,
    );
    if (moved.length > 0) {
      const howMany = `${moved.length} of ${partitions.length} partitions`;
      return { code: "conflict", message: `${group} has moved since the preview (${howMany}). Preview it again.` };
    }
    return null;
  } catch (error) {
    return brokerRefusal(error);
  }
}
