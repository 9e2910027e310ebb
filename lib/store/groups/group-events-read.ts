/** What happened to a group, as its page shows it. */
import type { GroupEventKind } from "#lib/domain/health/group.ts";
import type { PrismaClient } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";

export interface GroupEventColumns {
  readonly at: Date;
  readonly kind: GroupEventKind;
  readonly detail: unknown;
}

const groupEventColumns = ({ kind, ...row }: { at: Date; kind: string; detail: unknown }): GroupEventColumns => ({
  ...row,
  kind: wordOf("group_events.kind", kind),
});

/** What happened to a group in a span, oldest first; the latest when there is more than can be shown. */
export async function readGroupEvents(
  prisma: PrismaClient,
  groupId: number,
  from: Date,
  to: Date,
  limit: number,
): Promise<GroupEventColumns[]> {
  const rows = await prisma.groupEvent.findMany({
    where: { groupId, at: { gte: from, lte: to } },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: limit,
    select: { at: true, kind: true, detail: true },
  });
  return rows.reverse().map(groupEventColumns);
}

/** The last one of a kind at or before a moment. */
export async function readLastGroupEvent(
  prisma: PrismaClient,
  groupId: number,
  kind: GroupEventKind,
  at: Date,
): Promise<GroupEventColumns | null> {
  const row = await prisma.groupEvent.findFirst({
    where: { groupId, kind, at: { lte: at } },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    select: { at: true, kind: true, detail: true },
  });
  return row === null ? null : groupEventColumns(row);
}
