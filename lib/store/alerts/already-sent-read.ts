/** What was already sent about alerts, so that a message is not sent twice. */
import type pg from "pg";
import type { AlreadySent } from "#lib/domain/alert/deliveries.ts";
import { epochMs } from "../db/rows.ts";

interface AlreadySentColumns {
  readonly id: string;
  readonly channel: string;
  readonly rule: string | null;
  readonly dedup_key: string;
  readonly alert_ids: number[];
  readonly open: boolean;
  readonly silenced: boolean;
  readonly failed: boolean;
  readonly waiting: boolean;
  readonly last_ms: number;
}

/**
 * The messages about any of these alerts, the first under each key: it names all of its alerts, and repeats only move
 * its time.
 */
export async function readAlreadySent(
  client: pg.Client,
  alertIds: readonly number[],
  since: Date,
): Promise<AlreadySent[]> {
  if (alertIds.length === 0) return [];
  const { rows } = await client.query<AlreadySentColumns>(
    `
      WITH sent AS (
        SELECT channel, dedup_key, min(id) AS first, max(created_at) AS last_at,
          bool_and(status = 'failed') AS failed, bool_or(status = 'pending') AS waiting
        FROM alert_deliveries
        WHERE kind = 'firing' AND created_at >= $2
        GROUP BY channel, dedup_key
      )
      SELECT d.id, d.channel, d.message->>'rule' AS rule, d.dedup_key, d.alert_ids,
        d.status = 'pending' AND d.attempts = 0 AND d.next_at > now() AS open,
        d.status = 'silenced' AS silenced, s.failed, s.waiting, ${epochMs("s.last_at")} AS last_ms
      FROM sent s
      JOIN alert_deliveries d ON d.id = s.first
      WHERE d.alert_ids && $1::int[]
      ORDER BY d.id`,
    [alertIds, since],
  );
  return rows.map((row) => ({
    deliveryId: BigInt(row.id),
    channel: row.channel,
    rule: row.rule ?? "",
    dedupKey: row.dedup_key,
    alertIds: row.alert_ids,
    open: row.open,
    silenced: row.silenced,
    failed: row.failed,
    waiting: row.waiting,
    lastAtMs: row.last_ms,
  }));
}
