/** Alerts as the alert loop reads and writes them, on the connection that holds its lock. */
import type pg from "pg";
import type { AlertDetail } from "#lib/domain/alert/message.ts";
import type { Severity } from "#lib/domain/alert/rule.ts";
import type { Silence } from "#lib/domain/alert/silence.ts";
import type { ActiveAlert, AlertLife } from "#lib/domain/alert/state.ts";
import { checkWords, epochMs } from "../db/rows.ts";

/** The database's clock, so that an alert's times are in order whichever tap leads. */
export async function readClock(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ now: number }>(`SELECT ${epochMs("now()")} AS now`);
  return rows[0]?.now ?? 0;
}

export interface StoredAlert extends ActiveAlert {
  readonly detail: AlertDetail;
  readonly severity: Severity;
}

interface AlertColumns {
  readonly id: number;
  readonly rule: string;
  readonly cluster_id: number;
  readonly subject: string;
  readonly state: AlertLife["state"];
  readonly pending_ms: number;
  readonly fired_ms: number | null;
  readonly cleared_ms: number | null;
  readonly resolved_ms: number | null;
  readonly severity: Severity;
  readonly detail: AlertDetail;
}

const ALERT = `
  id, rule, cluster_id, subject, state, ${epochMs("pending_at")} AS pending_ms, ${epochMs("fired_at")} AS fired_ms,
  ${epochMs("cleared_at")} AS cleared_ms, ${epochMs("resolved_at")} AS resolved_ms, severity, detail`;
const ALERT_WORDS = { state: "alerts.state", severity: "alerts.severity" } as const;
const storedAlert = (row: AlertColumns): StoredAlert => ({
  ...{
    id: row.id,
    rule: row.rule,
    clusterId: row.cluster_id,
    subject: row.subject,
    severity: row.severity,
    detail: row.detail,
  },
  life: {
    state: row.state,
    pendingAtMs: row.pending_ms,
    firedAtMs: row.fired_ms,
    clearedAtMs: row.cleared_ms,
    resolvedAtMs: row.resolved_ms,
  },
});

export async function readActiveAlerts(client: pg.Client): Promise<StoredAlert[]> {
  const { rows } = await client.query<AlertColumns>(
    `SELECT ${ALERT} FROM alerts WHERE state IN ('pending', 'firing') ORDER BY id`,
  );
  return checkWords(rows, ALERT_WORDS).map(storedAlert);
}

/** In the order given; at most `limit` of them. */
export async function readAlertsById(client: pg.Client, ids: readonly number[], limit: number): Promise<StoredAlert[]> {
  const { rows } = await client.query<AlertColumns>(
    `
      SELECT ${ALERT}
      FROM unnest($1::int[]) WITH ORDINALITY AS wanted(id, ordinal)
      JOIN alerts USING (id)
      ORDER BY ordinal
      LIMIT $2`,
    [ids, limit],
  );
  return checkWords(rows, ALERT_WORDS).map(storedAlert);
}

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

export async function readSilences(client: pg.Client): Promise<Silence[]> {
  const { rows } = await client.query<{ id: number; rule: string; cluster: string; group: string; until_ms: number }>(
    `
      SELECT id, rule, cluster, "group", ${epochMs("until")} AS until_ms
      FROM alert_silences
      WHERE ended_at IS NULL AND until > now()
      ORDER BY id
      LIMIT 10000`,
  );
  return rows.map((row) => ({
    id: row.id,
    rule: row.rule,
    cluster: row.cluster,
    group: row.group,
    untilMs: row.until_ms,
    endedAtMs: null,
  }));
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
