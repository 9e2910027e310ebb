/** Actions on failures. Each is one transaction with its audit entry; a lock makes them wait for one another. */
import type { PrismaClient } from "../db/database.ts";
import { membersOf } from "./triage-read.ts";
import { Prisma } from "../prisma/generated/client.ts";
import { inHandOf } from "../replays/plan.ts";
import type { TriageStatus } from "#lib/domain/failure/triage.ts";
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

/** Resolves every dead letter of it, except those that a running replay is sending. */
export const resolveFailure = (
  prisma: PrismaClient,
  fingerprint: string,
  reason: string,
  actor: Actor,
  now: Date,
): Promise<TriageChange> =>
  changeTriage(prisma, fingerprint, actor, { action: "failure.resolve", reason }, async (transaction, head) => {
    const members = membersOf(Prisma.sql`${head}::text`);
    const events = await transaction.$executeRaw`
      UPDATE failures f
      SET status = 'resolved'
      WHERE f.fingerprint = ANY(${members}) AND f.status <> 'resolved' AND NOT ${inHandOf(Prisma.sql`f.id`)}`;
    await transaction.$executeRaw`UPDATE aged_failures SET open = 0 WHERE fingerprint = ANY(${members})`;
    await decide(transaction, head, { status: "resolved", snoozedUntil: null, changedAt: now, changedBy: actor.name });
    return { head, events, detail: { events } };
  });

/** Reopens what was resolved by hand; dead letters that were sent again stay resolved. */
export const reopenFailure = (
  prisma: PrismaClient,
  fingerprint: string,
  reason: string,
  actor: Actor,
  now: Date,
): Promise<TriageChange> =>
  changeTriage(prisma, fingerprint, actor, { action: "failure.reopen", reason }, async (transaction, head) => {
    const events = await transaction.$executeRaw`
      UPDATE failures f
      SET status = 'open'
      WHERE f.fingerprint = ANY(${membersOf(Prisma.sql`${head}::text`)})
        AND f.status = 'resolved'
        AND NOT EXISTS (SELECT 1 FROM replay_items i WHERE i.failure_id = f.id AND i.status = 'sent')`;
    await decide(transaction, head, { status: "open", snoozedUntil: null, changedAt: now, changedBy: actor.name });
    return { head, events, detail: { events } };
  });

export const snoozeFailure = (
  prisma: PrismaClient,
  fingerprint: string,
  until: Date,
  reason: string,
  actor: Actor,
  now: Date,
): Promise<TriageChange> =>
  changeTriage(prisma, fingerprint, actor, { action: "failure.snooze", reason }, async (transaction, head) => {
    await decide(transaction, head, { status: "snoozed", snoozedUntil: until, changedAt: now, changedBy: actor.name });
    return { head, events: 0, detail: { until: until.toISOString() } };
  });

export const noteFailure = (
  prisma: PrismaClient,
  fingerprint: string,
  text: string,
  actor: Actor,
  now: Date,
): Promise<TriageChange> =>
  changeTriage(prisma, fingerprint, actor, { action: "failure.note", reason: null }, async (transaction, head) => {
    const { id } = await transaction.failureNote.create({
      data: { fingerprint: head, at: now, by: actor.name, text },
      select: { id: true },
    });
    return { head, events: 0, detail: { note: id } };
  });

/** Shows it as one with another from now on, with everything that was merged into it before. */
export const mergeFailure = (
  prisma: PrismaClient,
  fingerprint: string,
  into: string,
  reason: string,
  actor: Actor,
  now: Date,
): Promise<TriageChange> =>
  changeTriage(prisma, fingerprint, actor, { action: "failure.merge", reason }, async (transaction, head) => {
    const target = await headOf(transaction, into);
    if (target === null) return "into_not_found";
    if (target === head) return "into_itself";
    await transaction.failureTriage.updateMany({ where: { mergedInto: head }, data: { mergedInto: target } });
    await transaction.failureTriage.upsert({
      where: { fingerprint: head },
      create: { fingerprint: head, mergedInto: target, changedAt: now, changedBy: actor.name },
      update: { mergedInto: target },
    });
    return { head: target, events: 0, detail: { into: target } };
  });

/** Shows it on its own again, with the decision it had before it was merged. */
export const splitFailure = (
  prisma: PrismaClient,
  fingerprint: string,
  reason: string,
  actor: Actor,
): Promise<TriageChange> =>
  changeTriage(prisma, fingerprint, actor, { action: "failure.split", reason }, async (transaction, head) => {
    const { count } = await transaction.failureTriage.updateMany({
      where: { fingerprint, mergedInto: { not: null } },
      data: { mergedInto: null },
    });
    return count === 0 ? "not_merged" : { head: fingerprint, events: 0, detail: { from: head } };
  });

async function changeTriage(
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

const decide = (
  transaction: Prisma.TransactionClient,
  head: string,
  decision: { status: TriageStatus; snoozedUntil: Date | null; changedAt: Date; changedBy: string },
) =>
  transaction.failureTriage.upsert({
    where: { fingerprint: head },
    create: { fingerprint: head, ...decision },
    update: decision,
  });

/** The fingerprint under which it is shown; null: no dead letter has ever had this one. */
async function headOf(transaction: Prisma.TransactionClient, fingerprint: string): Promise<string | null> {
  const [row] = await transaction.$queryRaw<{ head: string }[]>`
    SELECT coalesce(
      (SELECT merged_into FROM failure_triages WHERE fingerprint = ${fingerprint}), ${fingerprint}
    ) AS head
    WHERE EXISTS (SELECT 1 FROM failures WHERE fingerprint = ${fingerprint})
      OR EXISTS (SELECT 1 FROM aged_failures WHERE fingerprint = ${fingerprint})`;
  return row?.head ?? null;
}
