import type { ReplayChoiceInput } from "#lib/contracts/replay-draft.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { chooseItems } from "#lib/store/replays/draft.ts";
import { answer } from "./change-replay.ts";
import type { Actor, Answer, CommandDeps } from "./deps.ts";

/** Leaves items of a draft out, or takes them back in; nothing is sent by it. */
export async function chooseReplayItems(
  deps: CommandDeps,
  id: number,
  input: ReplayChoiceInput,
  actor: Actor,
): Answer<ReplayView> {
  const include = new Set(input.include);
  const change = await chooseItems(deps.prisma, id, actor, (now) => ({
    stale: input.stale ?? now.stale,
    excluded: [...new Set([...now.excluded, ...(input.exclude ?? [])])].filter((seq) => !include.has(seq)),
  }));
  return answer(deps, id, change);
}
