/** Actions on failures. Each is one transaction with its audit entry; a lock makes them wait for one another. */
import type { PrismaClient } from "../db/database.ts";
import { membersOf } from "./triage-read.ts";
import { Prisma } from "../prisma/generated/client.ts";
import { inHandOf } from "../replays/plan.ts";
import type { TriageStatus } from "#lib/domain/failure/triage.ts";
import type { Actor } from "../audit.ts";
import { type TriageChange, changeTriage, headOf } from "./triage-transaction.ts";

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
