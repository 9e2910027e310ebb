/** Alerts as the alert loop writes them, on the connection that holds its lock. */
import type pg from "pg";
import type { AlertDetail } from "#lib/domain/alert/message.ts";
import type { Severity } from "#lib/domain/alert/rule.ts";
import type { AlertLife } from "#lib/domain/alert/state.ts";

export interface AlertWrite {
  readonly id: number | null;
  readonly rule: string;
  readonly clusterId: number;
  readonly subject: string;
  readonly life: AlertLife;
  /** null: as it was */
  readonly severity: Severity | null;
  readonly detail: AlertDetail | null;
}

/** Answers with the ids in the order given. */
export async function writeAlerts(client: pg.Client, alerts: readonly AlertWrite[]): Promise<number[]> {
  if (alerts.length === 0) return [];
  const at = (of: (life: AlertLife) => number | null) =>
    alerts.map(({ life }) => {
      const time = of(life);
      return time === null ? null : new Date(time);
    });
  const { rows } = await client.query<{ id: number }>(
    `
      WITH given AS (
        SELECT u.*, coalesce(u.id, nextval('alerts_id_seq')::int) AS key
        FROM unnest(
          $1::int[], $2::text[], $3::int[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
          $8::timestamptz[], $9::timestamptz[], $10::text[], $11::jsonb[]
        ) WITH ORDINALITY AS u(
          id, rule, cluster_id, subject, state, pending_at, fired_at, cleared_at, resolved_at, severity,
          detail, ordinal
        )
      ),
      changed AS (
        UPDATE alerts a
        SET state = g.state,
          fired_at = g.fired_at,
          cleared_at = g.cleared_at,
          resolved_at = g.resolved_at,
          severity = coalesce(g.severity, a.severity),
          detail = coalesce(g.detail, a.detail),
          summary = coalesce(g.detail->>'sentence', a.summary)
        FROM given g
        WHERE g.id IS NOT NULL AND a.id = g.id
      ),
      made AS (
        INSERT INTO alerts (
          id, rule, cluster_id, subject, state, pending_at, fired_at, cleared_at, resolved_at, severity,
          summary, detail
        )
        SELECT key, rule, cluster_id, subject, state, pending_at, fired_at, cleared_at, resolved_at, severity,
          detail->>'sentence', detail
        FROM given
        WHERE id IS NULL
      )
      SELECT key AS id
      FROM given
      ORDER BY ordinal`,
    [
      alerts.map((a) => a.id),
      alerts.map((a) => a.rule),
      alerts.map((a) => a.clusterId),
      alerts.map((a) => a.subject),
      alerts.map((a) => a.life.state),
      at((l) => l.pendingAtMs),
      at((l) => l.firedAtMs),
      at((l) => l.clearedAtMs),
      at((l) => l.resolvedAtMs),
      alerts.map((a) => a.severity),
      alerts.map((a) => (a.detail === null ? null : JSON.stringify(a.detail))),
    ],
  );
  return rows.map((row) => row.id);
}

export async function dropAlerts(client: pg.Client, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await client.query("DELETE FROM alerts WHERE id = ANY($1) AND state = 'pending'", [ids]);
}

/** Deletes alerts, silences and messages that are long over; the messages of a firing alert are kept. */
export async function deleteOldAlerts(client: pg.Client, keepDays: number): Promise<void> {
  const old = "< now() - $1::int * interval '1 day'";
  await client.query(
    `
      DELETE FROM alert_deliveries d
      WHERE created_at ${old}
        AND status <> 'pending'
        AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.state = 'firing' AND a.id = ANY(d.alert_ids))`,
    [keepDays],
  );
  await client.query(`DELETE FROM alerts WHERE state = 'resolved' AND resolved_at ${old}`, [keepDays]);
  await client.query(`DELETE FROM alert_silences WHERE coalesce(ended_at, until) ${old}`, [keepDays]);
}
