/** The transaction of every triage action: one lock, one audit entry, one notification. */
import type { PrismaClient } from "../db/database.ts";
import type { Prisma } from "../prisma/generated/client.ts";
import { writeAudit, type Actor } from "../audit.ts";

const TRIAGE_LOCK = 0x666c_6663; // "flfc"

/** One action may change hundreds of thousands of dead letters. */
const PATIENCE = { maxWait: 10_000, timeout: 60_000 } as const;

/** `events`: dead letters whose status changed. */
export type TriageChange =
  | { readonly done: true; readonly fingerprint: string; readonly events: number }
  | { readonly done: false; readonly because: "not_found" | "into_not_found" | "into_itself" | "not_merged" };

interface TriageAction {
  readonly action: string;
  readonly reason: string | null;
}
interface Outcome {
  readonly head: string;
  readonly events: number;
  readonly detail: Prisma.InputJsonObject;
}

export async function changeTriage(
  prisma: PrismaClient,
  fingerprint: string,
  actor: Actor,
  action: TriageAction,
  change: (
    transaction: Prisma.TransactionClient,
    head: string,
  ) => Promise<Outcome | "into_not_found" | "into_itself" | "not_merged">,
): Promise<TriageChange> {
  return prisma.$transaction(async (transaction): Promise<TriageChange> => {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${TRIAGE_LOCK}::bigint)`;
    const head = await headOf(transaction, fingerprint);
    if (head === null) return { done: false, because: "not_found" };
    const outcome = await change(transaction, head);
    if (typeof outcome === "string") return { done: false, because: outcome };
    await writeAudit(transaction, actor, { ...action, target: `failure/${fingerprint}`, detail: outcome.detail });
    await transaction.$executeRaw`SELECT pg_notify('flowtap', ${JSON.stringify({ kind: "failures" })})`;
    return { done: true, fingerprint: outcome.head, events: outcome.events };
  }, PATIENCE);
}

/** The fingerprint under which it is shown; null: no dead letter has ever had this one. */
export async function headOf(transaction: Prisma.TransactionClient, fingerprint: string): Promise<string | null> {
  const [row] = await transaction.$queryRaw<{ head: string }[]>`
    SELECT coalesce(
      (SELECT merged_into FROM failure_triages WHERE fingerprint = ${fingerprint}), ${fingerprint}
    ) AS head
    WHERE EXISTS (SELECT 1 FROM failures WHERE fingerprint = ${fingerprint})
      OR EXISTS (SELECT 1 FROM aged_failures WHERE fingerprint = ${fingerprint})`;
  return row?.head ?? null;
}
