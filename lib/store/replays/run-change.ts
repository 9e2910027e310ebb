/** The transaction of every change that a person makes to a run. Changes of runs wait for one another. */
import type { Prisma } from "../prisma/generated/client.ts";
import { type PrismaClient } from "../prisma/generated/client.ts";

const CHANGE_LOCK = 0x666c_7270; // "flrp"

export type RunChange =
  | { readonly changed: true }
  | {
      readonly changed: false;
      readonly because: "not_found" | "not_draft" | "not_running" | "not_paused" | "ended" | "nothing_left";
      readonly status?: string;
    }
  | { readonly changed: false; readonly because: "changed_since"; readonly revision: number };

export class NothingLeft extends Error {}

export async function changeRun(
  prisma: PrismaClient,
  id: number,
  change: (
    transaction: Prisma.TransactionClient,
    run: { status: string; kind: string; groupName: string | null; result: Prisma.JsonValue; revision: number },
  ) => Promise<RunChange>,
): Promise<RunChange> {
  try {
    return await prisma.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${CHANGE_LOCK}::bigint)`;
        await transaction.$executeRaw`SELECT 1 FROM replay_runs WHERE id = ${id} FOR UPDATE`;
        const run = await transaction.replayRun.findUnique({
          where: { id },
          select: { status: true, kind: true, groupName: true, result: true, revision: true },
        });
        if (run === null) return { changed: false, because: "not_found" } as const;
        const result = await change(transaction, run);
        await transaction.$executeRaw`SELECT pg_notify('flowtap', ${JSON.stringify({ kind: "replay", id })})`;
        return result;
      },
      { timeout: 30_000 },
    );
  } catch (error) {
    // Thrown to undo what the transaction has already written.
    if (error instanceof NothingLeft) return { changed: false, because: "nothing_left" };
    throw error;
  }
}
