/** Silences as pages show them. */
import type { PrismaClient } from "../db/database.ts";

export interface SilenceColumns {
  readonly id: number;
  readonly rule: string;
  readonly cluster: string;
  readonly group: string;
  readonly until: Date;
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** Those that hold, soonest over first, then a few that are over. */
export async function readSilenceRows(prisma: PrismaClient, now: Date, limit: number): Promise<SilenceColumns[]> {
  const holding = await prisma.alertSilence.findMany({
    where: { endedAt: null, until: { gt: now } },
    orderBy: { until: "asc" },
    take: limit,
  });
  const over = await prisma.alertSilence.findMany({
    where: { OR: [{ endedAt: { not: null } }, { until: { lte: now } }] },
    orderBy: { id: "desc" },
    take: 5,
  });
  return [...holding, ...over];
}
