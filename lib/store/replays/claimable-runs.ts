/** Which runs a replay runner looks after. */
import type { Database } from "../db/database.ts";

/**
 * Runs to be claimed, the oldest first: queued or running ones, and cancelled or paused ones whose last batch is not
 * settled yet.
 */
export async function readRunsToClaim({ prisma }: Database): Promise<number[]> {
  const rows = await prisma.$queryRaw<{ id: number }[]>`
    SELECT id
    FROM replay_runs r
    WHERE status IN ('queued', 'running')
      OR (
        status = 'cancelled'
        AND EXISTS (
          SELECT 1
          FROM replay_items i
          WHERE i.run_id = r.id AND i.status IN ('pending', 'sending')
        )
      )
      OR (status = 'paused' AND EXISTS (SELECT 1 FROM replay_items i WHERE i.run_id = r.id AND i.status = 'sending'))
    ORDER BY id
    LIMIT 100`;
  return rows.map((row) => row.id);
}

/** Drafts that were never run. */
export async function deleteOldDrafts({ prisma }: Database, before: Date): Promise<void> {
  await prisma.replayRun.deleteMany({ where: { status: "draft", createdAt: { lt: before } } });
}
