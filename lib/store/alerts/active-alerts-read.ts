/** What the alert loop starts from: open alerts, silences and the database's clock. On its lock's connection. */
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
