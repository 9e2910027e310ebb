import type { HeldUpWork } from "#lib/contracts/common.ts";
import { readHeldUpWork } from "#lib/store/background-work.ts";
import type { QueryDeps } from "./deps.ts";

/** What stands still of what the taps do beside reading, for the clusters of the configuration. */
export async function listHeldUp({ prisma, readerOf }: Pick<QueryDeps, "prisma" | "readerOf">): Promise<HeldUpWork[]> {
  const rows = await readHeldUpWork(prisma);
  return rows
    .filter(({ cluster }) => cluster === null || readerOf(cluster) !== null)
    .map((row) => ({ ...row, since: row.since.toISOString() }));
}
