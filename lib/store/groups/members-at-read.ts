/** The members of a group at a moment, from its member sessions. */
import type { PrismaClient } from "../db/database.ts";

export interface MemberAt {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: unknown;
}

/** Who was connected; with the last assignment of that session. */
export function readMembersAt(prisma: PrismaClient, groupId: number, at: Date): Promise<MemberAt[]> {
  return prisma.memberSession.findMany({
    where: { groupId, joinedAt: { lte: at }, OR: [{ leftAt: null }, { leftAt: { gt: at } }] },
    orderBy: { clientId: "asc" },
    take: 2000,
    select: { memberId: true, clientId: true, host: true, assignment: true },
  });
}

/**
 * Whether any session is known at or before the moment. None at all means that members were not recorded yet.
 */
export async function knewMembers(prisma: PrismaClient, groupId: number, at: Date): Promise<boolean> {
  return (
    (await prisma.memberSession.findFirst({
      where: { groupId, joinedAt: { lte: at } },
      select: { memberId: true },
    })) !== null
  );
}
