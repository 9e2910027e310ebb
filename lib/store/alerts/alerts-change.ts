/** Actions on alerts. Each is one transaction with its audit entry. */
import type { AlertMessage } from "#lib/domain/alert/message.ts";
import { writeAudit, type Actor } from "../audit.ts";
import type { PrismaClient } from "../db/database.ts";
import type { Prisma } from "../prisma/generated/client.ts";
import type { SilenceColumns } from "./silences-read.ts";

const notifyPages = (transaction: Prisma.TransactionClient) =>
  transaction.$executeRaw`SELECT pg_notify('flowtap', ${JSON.stringify({ kind: "alerts" })})`;

/** A busy machine may take longer than Prisma's two seconds to open a connection. */
const PATIENCE = { maxWait: 10_000, timeout: 30_000 } as const;

export interface SilenceWrite {
  readonly rule: string;
  readonly cluster: string;
  readonly group: string;
  readonly until: Date;
  readonly reason: string;
}

export function createSilence(prisma: PrismaClient, silence: SilenceWrite, actor: Actor): Promise<SilenceColumns> {
  return prisma.$transaction(async (transaction) => {
    const created = await transaction.alertSilence.create({ data: { ...silence, createdBy: actor.name } });
    const { rule, cluster, group, until } = silence;
    await writeAudit(transaction, actor, {
      action: "alert.silence",
      target: `silence/${created.id}`,
      reason: silence.reason,
      detail: { rule, cluster, group, until: until.toISOString() },
    });
    await notifyPages(transaction);
    return created;
  }, PATIENCE);
}

/** False when there is none of this id that still holds. */
export function endSilence(prisma: PrismaClient, id: number, now: Date, actor: Actor): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    const { count } = await transaction.alertSilence.updateMany({
      where: { id, endedAt: null, until: { gt: now } },
      data: { endedAt: now },
    });
    if (count === 0) return false;
    await writeAudit(transaction, actor, {
      action: "alert.silence.end",
      target: `silence/${id}`,
      reason: null,
      detail: {},
    });
    await notifyPages(transaction);
    return true;
  }, PATIENCE);
}

/** Puts a test into the outbox: it goes the way of every message. */
export function putTest(
  prisma: PrismaClient,
  test: { readonly channel: string; readonly dedupKey: string; readonly message: AlertMessage; readonly now: Date },
  actor: Actor,
): Promise<bigint> {
  return prisma.$transaction(async (transaction) => {
    const message = test.message as unknown as Prisma.InputJsonObject;
    const { id } = await transaction.alertDelivery.create({
      data: { channel: test.channel, kind: "test", dedupKey: test.dedupKey, alertIds: [], message, nextAt: test.now },
      select: { id: true },
    });
    await writeAudit(transaction, actor, {
      action: "alert.channel.test",
      target: `channel/${test.channel}`,
      reason: null,
      detail: { delivery: String(id) },
    });
    await notifyPages(transaction);
    return id;
  }, PATIENCE);
}

export type Retry = "queued" | "not_found" | "not_failed" | "over";

/**
 * Tries a message that was given up once more, now. What fired and is over is not told any more: nothing would
 * follow to say so.
 */
export function retryDelivery(prisma: PrismaClient, id: bigint, now: Date, actor: Actor): Promise<Retry> {
  return prisma.$transaction(async (transaction): Promise<Retry> => {
    await transaction.$executeRaw`SELECT 1 FROM alert_deliveries WHERE id = ${id} FOR UPDATE`;
    const found = await transaction.alertDelivery.findUnique({
      where: { id },
      select: { status: true, kind: true, alertIds: true, channel: true },
    });
    if (found === null) return "not_found";
    if (found.status !== "failed") return "not_failed";
    if (
      found.kind === "firing" &&
      (await transaction.alert.count({ where: { id: { in: found.alertIds.slice(0, 1000) }, state: "firing" } })) === 0
    )
      return "over";
    // The day after which it is given up begins anew.
    await transaction.alertDelivery.update({ where: { id }, data: { status: "pending", nextAt: now, createdAt: now } });
    await writeAudit(transaction, actor, {
      action: "alert.delivery.retry",
      target: `delivery/${id}`,
      reason: null,
      detail: { channel: found.channel },
    });
    await notifyPages(transaction);
    return "queued";
  }, PATIENCE);
}
