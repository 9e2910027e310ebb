import type { ReplayQuery, ReplaysQuery, ReplaysView, ReplayView } from "#lib/contracts/replays.ts";
import type { z } from "zod";
import { err, ok } from "#lib/domain/result.ts";
import { readReplayRows } from "#lib/store/replays/replay-rows-read.ts";
import { readReplayView } from "#lib/store/replays/replay-view-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";

/** Newest first. */
export async function listReplays({ prisma }: Pick<QueryDeps, "prisma">, query: ReplaysQuery): Answer<ReplaysView> {
  const rows = await readReplayRows(prisma, {
    group: query.group,
    status: query.status,
    beforeId: cursorOf(query.cursor),
    limit: query.limit + 1,
  });
  const items = rows.slice(0, query.limit);
  return ok({ items, next: rows.length > query.limit ? String(items.at(-1)?.id) : null, total: null });
}

export async function getReplay(
  { prisma }: Pick<QueryDeps, "prisma">,
  id: number,
  query: z.infer<typeof ReplayQuery>,
): Answer<ReplayView> {
  const view = await readReplayView(prisma, id, { afterSeq: cursorOf(query.cursor) ?? -1, limit: query.limit });
  return view === null ? err(notFound(`Replay ${id}`)) : ok(view);
}

/** Whatever is not one of our cursors begins at the beginning. */
function cursorOf(cursor: string | undefined): number | null {
  return cursor !== undefined && /^\d{1,9}$/.test(cursor) ? Number(cursor) : null;
}
