import type { SavedView, SavedViewInput } from "#lib/contracts/views.ts";
import { err, ok } from "#lib/domain/result.ts";
import { deleteView, saveView } from "#lib/store/saved-views.ts";
import type { Actor, Answer, CommandDeps } from "./deps.ts";

export async function keepView(
  { prisma }: Pick<CommandDeps, "prisma">,
  input: SavedViewInput,
  actor: Actor,
): Answer<SavedView> {
  const view = await saveView(prisma, input, actor);
  return view === null
    ? err({ code: "conflict", message: "There are too many saved views already. Delete one that nobody needs." })
    : ok(view);
}

export async function forgetView({ prisma }: Pick<CommandDeps, "prisma">, id: number, actor: Actor): Answer<null> {
  return (await deleteView(prisma, id, actor))
    ? ok(null)
    : err({ code: "not_found", message: `The saved view ${id} is not known to Flowtap.` });
}
