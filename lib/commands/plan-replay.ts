import type { ReplayPlanInput, ReplayView } from "#lib/contracts/replays.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { RedriveItem } from "#lib/domain/replay/redrive.ts";
import { createDraft, type StoredPlan } from "#lib/store/replays-plan.ts";
import { readReplayView } from "#lib/store/replays-read.ts";
import type { Actor, Answer, CommandDeps } from "./deps.ts";
import { previewOffsetReset } from "./plan-offset-reset.ts";
import { previewRedrive } from "./plan-redrive.ts";

/** What a kind of replay would do: its preview, and what is to be sent. */
export interface Preview {
  readonly cluster: string;
  readonly group: string | null;
  readonly preview: StoredPlan["preview"];
  readonly items: readonly RedriveItem[];
}

/** Makes a draft and answers with its preview. Nothing is sent, nothing is moved. */
export async function planReplay(deps: CommandDeps, input: ReplayPlanInput, actor: Actor): Answer<ReplayView> {
  const found: Result<Preview, AppError> = input.kind === "offset_reset" ? await previewOffsetReset(deps, input) : await previewRedrive(deps, input);
  if (!found.ok) return found;
  const { cluster, group, preview, items } = found.value;
  const id = await createDraft(deps.prisma, { cluster, group, createdBy: actor.name, plan: { token: deps.newToken(), input, preview }, items });
  const view = id === null ? null : await readReplayView(deps.prisma, id, { afterSeq: -1, limit: 50 });
  return view === null ? err({ code: "not_found", message: `The cluster ${cluster} has not been seen by a tap yet.` }) : ok(view);
}
