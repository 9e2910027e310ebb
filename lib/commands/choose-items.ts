import type { ReplayChoiceInput } from "#lib/contracts/replay-draft.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { namedTargetKey } from "#lib/domain/replay/choice.ts";
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
  const confirm = new Set(input.confirmTargets?.map(namedTargetKey));
  const withdraw = new Set(input.withdrawTargets?.map(namedTargetKey));
  const change = await chooseItems(deps.prisma, id, actor, (now) => ({
    ...now,
    stale: { ...now.stale, choice: input.stale ?? now.stale.choice },
    excludedByHand: [...new Set([...now.excludedByHand, ...(input.exclude ?? [])])].filter((seq) => !include.has(seq)),
    namedTargets: now.namedTargets.map((named) => ({
      ...named,
      confirmed: (named.confirmed || confirm.has(namedTargetKey(named))) && !withdraw.has(namedTargetKey(named)),
    })),
  }));
  return answer(deps, id, change);
}
