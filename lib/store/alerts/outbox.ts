/** The outbox of alerts: written by the transaction in which an alert fires, taken one attempt at a time. */
import type pg from "pg";
import type { DeliveryStatus } from "#lib/domain/alert/deliveries.ts";
import type { AlertMessage, MessageKind } from "#lib/domain/alert/message.ts";
import { epochMs, wordOf } from "../db/rows.ts";

export interface NewDelivery {
  readonly channel: string;
  readonly kind: MessageKind;
  readonly dedupKey: string;
  readonly alertIds: readonly number[];
  readonly message: AlertMessage;
  readonly status: Extract<DeliveryStatus, "pending" | "silenced">;
  readonly dueAt: Date;
}

export async function putDelivery(client: pg.Client, delivery: NewDelivery): Promise<void> {
  await client.query(
    `
      INSERT INTO alert_deliveries (channel, kind, dedup_key, alert_ids, message, status, next_at, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, now())`,
    [
      delivery.channel,
      delivery.kind,
      delivery.dedupKey,
      delivery.alertIds,
      JSON.stringify(delivery.message),
      delivery.status,
      delivery.dueAt,
    ],
  );
}

/** False when it has been tried meanwhile. */
export async function joinDelivery(
  client: pg.Client,
  id: bigint,
  alertIds: readonly number[],
  message: AlertMessage,
): Promise<boolean> {
  const { rowCount } = await client.query(
    "UPDATE alert_deliveries SET alert_ids = $2, message = $3 WHERE id = $1 AND status = 'pending' AND attempts = 0",
    [id, alertIds, JSON.stringify(message)],
  );
  return rowCount === 1;
}

export interface TakenDelivery {
  readonly id: bigint;
  readonly channel: string;
  readonly kind: MessageKind;
  readonly dedupKey: string;
  readonly message: AlertMessage;
  /** this one included */
  readonly attempts: number;
  readonly createdAtMs: number;
}

/**
 * Takes the message that is due longest, for one attempt; null: none is due. The start of the attempt is committed
 * before it is made, and the message is not taken again within `leaseMs`. Messages in `inHand` are not taken at all:
 * an attempt may last longer than its lease. Messages of one key are sent in order, so that `resolved` never comes
 * before `firing`.
 */
export async function takeDelivery(
  client: pg.Client,
  fullChannels: readonly string[],
  inHand: readonly bigint[],
  leaseMs: number,
): Promise<TakenDelivery | null> {
  const { rows } = await client.query<{
    id: string;
    channel: string;
    kind: string;
    dedup_key: string;
    message: AlertMessage;
    attempts: number;
    created_ms: number;
  }>(
    `
      UPDATE alert_deliveries t
      SET attempts = t.attempts + 1, next_at = now() + $3::float8 * interval '1 millisecond'
      FROM (
        SELECT id
        FROM alert_deliveries d
        WHERE status = 'pending'
          AND next_at <= now()
          AND channel <> ALL($1)
          AND id <> ALL($2::bigint[])
          AND NOT EXISTS (
            SELECT 1
            FROM alert_deliveries e
            WHERE e.status = 'pending' AND e.dedup_key = d.dedup_key AND e.channel = d.channel AND e.id < d.id
          )
        ORDER BY next_at, id
        LIMIT 1
        FOR UPDATE SKIP LOCKED
      ) due
      WHERE t.id = due.id
      RETURNING t.id, t.channel, t.kind, t.dedup_key, t.message, t.attempts,
        ${epochMs("t.created_at")} AS created_ms`,
    [fullChannels, inHand, leaseMs],
  );
  const [row] = rows;
  return row === undefined
    ? null
    : {
        id: BigInt(row.id),
        channel: row.channel,
        kind: wordOf("alert_deliveries.kind", row.kind),
        dedupKey: row.dedup_key,
        message: row.message,
        attempts: row.attempts,
        createdAtMs: row.created_ms,
      };
}

/** Stores how the attempt ended. A failure counts only if it is the latest attempt; a success always counts. */
export async function settleDelivery(
  pool: pg.Pool,
  taken: Pick<TakenDelivery, "id" | "attempts">,
  outcome: {
    readonly status: Exclude<DeliveryStatus, "silenced">;
    readonly error: string | null;
    readonly pauseMs: number;
  },
): Promise<void> {
  await pool.query(
    `
      UPDATE alert_deliveries
      SET status = $3,
        last_error = $4,
        sent_at = CASE WHEN $3 = 'sent' THEN now() END,
        next_at = now() + $5::float8 * interval '1 millisecond'
      WHERE id = $1 AND status = 'pending' AND (attempts = $2 OR $3 = 'sent')`,
    [taken.id, taken.attempts, outcome.status, outcome.error, outcome.pauseMs],
  );
  await notifyAlerts(pool);
}

export async function notifyAlerts(client: Pick<pg.Pool, "query">): Promise<void> {
  await client.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "alerts" })]);
}
