/** Messages of the outbox as pages show them. */
import type { DeliveryStatus } from "#lib/domain/alert/deliveries.ts";
import type { AlertMessage, MessageKind } from "#lib/domain/alert/message.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface DeliveryColumns {
  readonly id: bigint;
  readonly channel: string;
  readonly kind: MessageKind;
  readonly dedupKey: string;
  readonly alerts: number;
  readonly message: AlertMessage;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAt: Date;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
}

// A message may spell out twenty alerts; the log needs none of them.
const DELIVERY = Prisma.sql`
  d.id, d.channel, d.kind, d.dedup_key AS "dedupKey", cardinality(d.alert_ids) AS alerts,
  d.message - 'alerts' AS message, d.status, d.attempts, d.next_at AS "nextAt", d.last_error AS "lastError",
  d.created_at AS "createdAt", d.sent_at AS "sentAt"`;

const DELIVERY_WORDS = { kind: "alert_deliveries.kind", status: "alert_deliveries.status" } as const;

export async function readDeliveries(
  prisma: PrismaClient,
  filter: {
    readonly channel?: string | undefined;
    readonly status?: string | undefined;
    readonly beforeId: bigint | null;
    readonly limit: number;
  },
): Promise<DeliveryColumns[]> {
  const { channel, status, beforeId, limit } = filter;
  const rows = await prisma.$queryRaw<DeliveryColumns[]>`
    SELECT ${DELIVERY}
    FROM alert_deliveries d
    WHERE true
    ${channel === undefined ? Prisma.empty : Prisma.sql`AND d.channel = ${channel}`}
    ${status === undefined ? Prisma.empty : Prisma.sql`AND d.status = ${status}`}
    ${beforeId === null ? Prisma.empty : Prisma.sql`AND d.id < ${beforeId}`}
    ORDER BY d.id DESC
    LIMIT ${limit}`;
  return checkWords(rows, DELIVERY_WORDS);
}

export async function readDelivery(prisma: PrismaClient, id: bigint): Promise<DeliveryColumns | null> {
  const rows = await prisma.$queryRaw<DeliveryColumns[]>`
    SELECT ${DELIVERY} FROM alert_deliveries d WHERE d.id = ${id}`;
  return checkWords(rows, DELIVERY_WORDS)[0] ?? null;
}

/** The latest message of each channel that was tried or still waits, and how many wait. */
export async function readChannels(
  prisma: PrismaClient,
  names: readonly string[],
): Promise<{ last: DeliveryColumns[]; waiting: { channel: string; waiting: number }[] }> {
  const wanted = Prisma.sql`${[...names]}::text[]`;
  const [last, waiting] = await Promise.all([
    prisma.$queryRaw<DeliveryColumns[]>`
      SELECT l.*
      FROM unnest(${wanted}) AS w(name)
      CROSS JOIN LATERAL (
        SELECT ${DELIVERY}
        FROM alert_deliveries d
        WHERE d.channel = w.name AND d.status <> 'silenced'
        ORDER BY d.created_at DESC, d.id DESC
        LIMIT 1
      ) l`,
    prisma.$queryRaw<{ channel: string; waiting: number }[]>`
      SELECT channel, count(*)::int AS waiting
      FROM alert_deliveries
      WHERE status = 'pending' AND channel = ANY(${wanted})
      GROUP BY channel`,
  ]);
  return { last: checkWords(last, DELIVERY_WORDS), waiting };
}
