/** What somebody has to choose in a draft before it may run. */
import type { AppError } from "#lib/contracts/errors.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";

/** Null: nothing is open. */
export const refusalOfOpenChoice = (preview: RedrivePreview): AppError | null =>
  refusalOfTargets(preview) ?? refusalOfStale(preview);

/** Where nothing but a record names a target, somebody must have confirmed it. What else the plan has may be sent. */
function refusalOfTargets({ items, namedTargets }: RedrivePreview): AppError | null {
  const [open] = namedTargets.filter(({ confirmed }) => !confirmed);
  if (open === undefined || items > 0) return null;
  const named = `Nothing but the records in ${open.source} names ${open.topic} as their target`;
  return { code: "conflict", message: `${named}. Confirm that target first, or choose another.` };
}

/** Events whose key has a newer event are sent only if somebody has chosen to: a draft with that open is refused. */
function refusalOfStale({ stale: { choice, items } }: RedrivePreview): AppError | null {
  if (choice !== "ask" || items === null || items === 0) return null;
  const stale = `Of ${items} events the key has had a newer event since`;
  return {
    code: "conflict",
    message: `${stale}. Choose first what becomes of them: send, skip, or newest.`,
  };
}
