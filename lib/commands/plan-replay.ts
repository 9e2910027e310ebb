import type { OffsetResetPlanInput, ReplayPlanInput, SkipPlanInput } from "#lib/contracts/replay-input.ts";
import type { OffsetResetPreview, SkipPreview } from "#lib/contracts/replay-preview.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import { createDraft } from "#lib/store/replays/plan.ts";
import { readReplayView } from "#lib/store/replays/replay-view-read.ts";
import { brokerRefusal, invalid, noCluster, type Actor, type Answer, type CommandDeps } from "./deps.ts";
import { chooseReplayItems } from "./choose-items.ts";
import { previewOffsetReset } from "./plan-offset-reset.ts";
import { previewRedrive } from "./plan-redrive.ts";
import { previewSkip } from "./plan-skip.ts";
import type { Preview } from "./preview.ts";

/** Makes a draft and answers with its preview. Nothing is sent, nothing is moved. */
export async function planReplay(deps: CommandDeps, input: ReplayPlanInput, actor: Actor): Answer<ReplayView> {
  const found: Result<Preview, AppError> =
    input.kind === "offset_reset"
      ? await previewReset(deps, input)
      : input.kind === "skip"
        ? await previewOfSkip(deps, input)
        : await previewRedrive(deps, input);
  if (!found.ok) return found;
  const { cluster } = found.value;
  if (!deps.canReplayOn(cluster))
    return err(invalid("cluster", `Flowtap does not send messages to the kind of broker that ${cluster} is.`));
  const draft = await draftOf(deps, input, found.value, actor, null);
  return draft.ok && input.kind === "redrive" && input.stale !== "ask"
    ? chooseReplayItems(deps, draft.value.row.id, { stale: input.stale }, actor)
    : draft;
}

export async function previewReset(deps: CommandDeps, input: OffsetResetPlanInput): Promise<Result<Preview, AppError>> {
  const { cluster, group } = input;
  const inspector = deps.inspectorOf(cluster);
  if (inspector === null) return err(noCluster(cluster));
  try {
    const found = await previewOffsetReset(inspector, deps.brokersOf(cluster), input);
    return found.ok ? ok({ cluster, group, preview: await withEmptySince(deps, found.value), items: [] }) : found;
  } catch (error) {
    return err(brokerRefusal(error));
  }
}

async function previewOfSkip(deps: CommandDeps, input: SkipPlanInput): Promise<Result<Preview, AppError>> {
  const found = await previewSkip(deps, input);
  if (!found.ok) return found;
  return ok({
    cluster: input.cluster,
    group: input.group,
    preview: await withEmptySince(deps, found.value),
    items: [],
  });
}

/** A group that has just been emptied may only be restarting: who moves its offsets is to know. */
async function withEmptySince<P extends OffsetResetPreview | SkipPreview>(
  { prisma }: CommandDeps,
  preview: P,
): Promise<P> {
  if (preview.members.length > 0) return preview;
  const group = await prisma.consumerGroup.findFirst({
    where: { name: preview.group, cluster: { name: preview.cluster } },
    select: { emptySince: true },
  });
  return { ...preview, emptySince: group?.emptySince?.toISOString() ?? null };
}

/** `undoes`: the reset that this one takes back. */
export async function draftOf(
  deps: CommandDeps,
  input: ReplayPlanInput,
  { cluster, group, preview, items, newerThan = new Map(), leftOut = new Map() }: Preview,
  actor: Actor,
  undoes: number | null,
): Answer<ReplayView> {
  const id = await createDraft(deps.prisma, {
    cluster,
    group,
    createdBy: actor.name,
    undoesRunId: undoes,
    plan: { token: deps.newToken(), input, preview },
    items,
    newerThan,
    leftOut,
  });
  const view = id === null ? null : await readReplayView(deps.prisma, id, { afterSeq: -1, limit: 50 });
  return view === null
    ? err({ code: "not_found", message: `The cluster ${cluster} has not been seen by a tap yet.` })
    : ok(view);
}
