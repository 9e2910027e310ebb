import type { ReplayItemEdit } from "#lib/contracts/replays.ts";
import { err, ok } from "#lib/domain/result.ts";
import { editItem, readItemEdit, readLimitOfItem } from "#lib/store/replays-draft.ts";
import { explain, FORBIDDEN } from "./change-replay.ts";
import { isLarger } from "./look-at-bodies.ts";
import { invalid, type Actor, type Answer, type CommandDeps } from "./deps.ts";

/** Changes what one item of a draft is sent with; null: as its dead letter lies. */
export async function editReplayItem(deps: CommandDeps, { id, seq }: { readonly id: number; readonly seq: number }, edit: ReplayItemEdit | null, actor: Actor): Answer<{ edit: ReplayItemEdit | null }> {
  if (actor.role !== "operator") return err(FORBIDDEN);
  const fault = edit === null ? null : (faultOf(edit) ?? (await tooLarge(deps, id, seq, edit)));
  if (fault !== null) return err(fault);
  const change = await editItem(deps.prisma, id, seq, actor, edit);
  return change.changed ? getItemEdit(deps, { id, seq }) : err(explain(id, change));
}

export async function getItemEdit({ prisma }: Pick<CommandDeps, "prisma">, { id, seq }: { readonly id: number; readonly seq: number }): Answer<{ edit: ReplayItemEdit | null }> {
  const found = await readItemEdit(prisma, id, seq);
  return found === null ? err({ code: "not_found", message: `Replay ${id} has no item ${seq}.` }) : ok(found);
}

async function tooLarge({ prisma }: CommandDeps, id: number, seq: number, { body, setHeaders }: ReplayItemEdit): Promise<ReturnType<typeof invalid> | null> {
  const limit = typeof body === "string" ? await readLimitOfItem(prisma, id, seq) : null;
  const text = new TextEncoder();
  if (limit === null || !isLarger([text.encode(body ?? ""), ...setHeaders.flatMap(({ name, value }) => [text.encode(name), text.encode(value)])], limit.maxBytes)) return null;
  return invalid("body", `With that the event is larger than ${limit.topic} takes: ${limit.maxBytes.toLocaleString("en")} bytes (max.message.bytes). Shorten it.`);
}

function faultOf(edit: ReplayItemEdit): ReturnType<typeof invalid> | null {
  const ours = [...edit.setHeaders.map(({ name }) => name), ...edit.removeHeaders].find((name) => name.toLowerCase().startsWith("flowtap-"));
  if (ours !== undefined) return invalid("setHeaders", `${ours} is set by Flowtap itself; leave it out.`);
  if (edit.format !== "json" || edit.body === undefined || edit.body === null) return null;
  try {
    JSON.parse(edit.body);
    return null;
  } catch (error) {
    return invalid("body", `The body was JSON and is no longer: ${error instanceof Error ? error.message : String(error)}. Mend it, or send it as text.`);
  }
}
