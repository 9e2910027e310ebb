/** Filters of lists that somebody keeps under a name. */
import type { SavedView, SavedViewInput } from "#lib/contracts/views.ts";
import { writeAudit, type Actor } from "./audit.ts";
import type { PrismaClient } from "./db/database.ts";
import { wordOf } from "./db/rows.ts";

/** More would not be found again. */
const MOST_VIEWS = 200;

export async function readSavedViews(prisma: PrismaClient, page: string): Promise<SavedView[]> {
  const rows = await prisma.savedView.findMany({ where: { page }, orderBy: { name: "asc" }, take: MOST_VIEWS });
  return rows.map(savedView);
}

/** Keeps it, or gives the name to the new filters; null: there are too many already. */
export function saveView(
  prisma: PrismaClient,
  { page, name, query }: SavedViewInput,
  actor: Actor,
): Promise<SavedView | null> {
  return prisma.$transaction(async (transaction) => {
    const known = await transaction.savedView.count({ where: { page, NOT: { name } } });
    if (known >= MOST_VIEWS) return null;
    const row = await transaction.savedView.upsert({
      where: { page_name: { page, name } },
      create: { page, name, query, createdBy: actor.name },
      update: { query, createdBy: actor.name, createdAt: new Date() },
    });
    await writeAudit(transaction, actor, {
      action: "view.save",
      target: `${page}/${name}`,
      reason: null,
      detail: { query },
    });
    return savedView(row);
  });
}

/** Whether there was one to forget. */
export function deleteView(prisma: PrismaClient, id: number, actor: Actor): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    const [row] = await transaction.savedView.findMany({ where: { id } });
    if (row === undefined) return false;
    await transaction.savedView.deleteMany({ where: { id } });
    await writeAudit(transaction, actor, {
      action: "view.delete",
      target: `${row.page}/${row.name}`,
      reason: null,
      detail: { query: row.query },
    });
    return true;
  });
}

function savedView({
  id,
  page,
  name,
  query,
  createdBy,
  createdAt,
}: {
  readonly id: number;
  readonly page: string;
  readonly name: string;
  readonly query: string;
  readonly createdBy: string;
  readonly createdAt: Date;
}): SavedView {
  return { id, page: wordOf("saved_views.page", page), name, query, createdBy, createdAt: createdAt.toISOString() };
}
