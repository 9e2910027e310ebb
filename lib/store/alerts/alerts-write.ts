/** What the alert loop reads and writes, on the connection that holds its lock. */
import type pg from "pg";
import type { AlertDetail } from "#lib/domain/alert/message.ts";
import type { AlertRule, WatchedCluster, WatchedGroup, Severity } from "#lib/domain/alert/rule.ts";
import type { Silence } from "#lib/domain/alert/silence.ts";
import type { ActiveAlert, AlertLife } from "#lib/domain/alert/state.ts";
import type { Finding } from "#lib/domain/health/cause.ts";
import { checkWords, epochMs, numberOf, wordOf } from "../db/rows.ts";

/** A tap that has not been heard of for so long is not there. */
const TAP_HEARD_OF_WITHIN_S = 15;

/** The database's clock counts: whichever tap leads, an alert's times follow one another. */
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
      FROM unnest($1::int[]) WITH ORDINALITY AS wanted(id, place)
      JOIN alerts USING (id)
      ORDER BY place
      LIMIT $2`,
    [ids, limit],
  );
  return checkWords(rows, ALERT_WORDS).map(storedAlert);
}

/** The loosest figure any rule asks for: groups that meet none of it need not leave the database. */
interface Loosest {
  readonly verdicts: readonly string[];
  readonly causes: readonly string[];
  readonly timeLagMs: number | null;
  readonly lagMessages: number | null;
  readonly dataLossSeconds: number | null;
  readonly deadLetters: number | null;
}

export function loosest(rules: readonly AlertRule[]): Loosest {
  const of = <K extends AlertRule["when"]["kind"]>(kind: K) =>
    rules.flatMap(({ when }) => (when.kind === kind ? [when as Extract<AlertRule["when"], { kind: K }>] : []));
  const least = (values: readonly number[]) => (values.length === 0 ? null : Math.min(...values));
  const most = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values));
  return {
    verdicts: [...new Set(of("verdict").flatMap((when) => when.verdicts))],
    causes: [...new Set(of("cause").flatMap((when) => when.causes))],
    timeLagMs: least(of("timeLagAbove").map((when) => when.ms)),
    lagMessages: least(of("lagAbove").map((when) => when.messages)),
    dataLossSeconds: most(of("dataLossWithin").map((when) => when.ms / 1000)),
    deadLetters: least(of("deadLettersPerMinuteAbove").map((when) => when.events)),
  };
}

interface WatchedColumns {
  readonly cluster_id: number;
  readonly cluster: string;
  readonly name: string;
  readonly verdict: string | null;
  readonly cause_detail: Finding | null;
  readonly reason: string | null;
  readonly lag_messages: string | null;
  readonly time_lag_ms: string | null;
  readonly time_lag_is_floor: boolean | null;
  readonly in_rate: number | null;
  readonly out_rate: number | null;
  readonly member_count: number | null;
  readonly data_loss_seconds: number | null;
  readonly dead_letters: number | null;
  readonly incident_id: number | null;
  readonly judged_ms: number | null;
}

/**
 * Where groups of these clusters stand that may meet a condition or have an alert already. Dead letters are those of
 * the last minute; what they name need not be a group the broker knows.
 */
export async function readWatchedGroups(
  client: pg.Client,
  clusters: readonly string[],
  asked: Loosest,
): Promise<WatchedGroup[]> {
  const { rows } = await client.query<WatchedColumns>(
    `
      WITH ours AS (SELECT id, name FROM clusters WHERE name = ANY($1)),
      dead AS (
        SELECT f.cluster_id, coalesce(f.group_name, '') AS name, count(*)::int AS letters
        FROM failures f
        WHERE $7::float8 IS NOT NULL
          AND f.failed_at > now() - interval '1 minute'
          AND f.failed_at <= now() + interval '1 minute'
          AND f.cluster_id IN (SELECT id FROM ours)
        GROUP BY 1, 2
      ),
      watched AS (
        SELECT DISTINCT cluster_id, subject
        FROM alerts
        WHERE state IN ('pending', 'firing')
      ),
      candidates AS (
        SELECT g.cluster_id, g.name
        FROM consumer_groups g
        WHERE g.gone_at IS NULL
          AND g.cluster_id IN (SELECT id FROM ours)
          AND (
            g.verdict = ANY($2)
            OR g.cause = ANY($3)
            OR g.time_lag_ms > $4
            OR g.lag_messages > $5
            OR g.data_loss_seconds < $6
          )
        UNION
        SELECT cluster_id, name
        FROM dead
        WHERE letters > $7
        UNION
        SELECT cluster_id, subject
        FROM watched
        WHERE cluster_id IN (SELECT id FROM ours)
      )
      SELECT k.cluster_id, o.name AS cluster, k.name, g.verdict, g.cause_detail, g.reason, g.lag_messages,
        g.time_lag_ms, g.time_lag_is_floor, g.in_rate, g.out_rate, g.member_count, g.data_loss_seconds,
        d.letters AS dead_letters, ${epochMs("g.evaluated_at")} AS judged_ms,
        (
          SELECT max(i.id)
          FROM incidents i
          WHERE i.group_id = g.id AND i.closed_at IS NULL
        ) AS incident_id
      FROM candidates k
      JOIN ours o ON o.id = k.cluster_id
      LEFT JOIN consumer_groups g ON g.cluster_id = k.cluster_id AND g.name = k.name AND g.gone_at IS NULL
      LEFT JOIN dead d ON d.cluster_id = k.cluster_id AND d.name = k.name
      WHERE g.id IS NOT NULL OR $7::float8 IS NOT NULL`,
    [
      clusters,
      asked.verdicts,
      asked.causes,
      asked.timeLagMs,
      asked.lagMessages,
      asked.dataLossSeconds,
      asked.deadLetters,
    ],
  );
  return rows.map((row) => ({
    about: "group",
    ...{
      clusterId: row.cluster_id,
      cluster: row.cluster,
      group: row.name,
      verdict: wordOf("consumer_groups.verdict", row.verdict) ?? "unknown",
      finding: row.cause_detail,
      reason: row.reason,
    },
    lagMessages: BigInt(row.lag_messages ?? 0),
    timeLagMs: numberOf(row.time_lag_ms),
    timeLagIsFloor: row.time_lag_is_floor ?? false,
    inRate: row.in_rate ?? 0,
    outRate: row.out_rate ?? 0,
    members: row.member_count ?? 0,
    dataLossSeconds: row.data_loss_seconds,
    deadLettersPerMinute: row.dead_letters ?? 0,
    incidentId: row.incident_id,
    evaluatedAtMs: row.judged_ms,
  }));
}

/** Whether these clusters can be reached, as the taps last said, and when one was last looked at. */
export async function readWatchedClusters(
  client: pg.Client,
  clusters: readonly string[],
  lookEveryMs: number,
): Promise<WatchedCluster[]> {
  const { rows } = await client.query<{
    id: number;
    name: string;
    state: string;
    state_reason: string | null;
    inspected_ms: number | null;
    tap_ms: number | null;
  }>(
    `
      SELECT id, name, state, state_reason, ${epochMs("inspected_at")} AS inspected_ms,
        (
          SELECT ${epochMs("min(started_at)")}
          FROM tap_processes
          WHERE stopped_at IS NULL AND heartbeat_at > now() - $2::int * interval '1 second'
        ) AS tap_ms
      FROM clusters
      WHERE name = ANY($1)
      ORDER BY id`,
    [clusters, TAP_HEARD_OF_WITHIN_S],
  );
  return rows.map((row) => ({
    ...{ about: "cluster", clusterId: row.id, cluster: row.name, group: "" },
    ...{
      isRefused: wordOf("clusters.state", row.state) === "unreachable",
      reason: row.state_reason,
      lookedAtMs: row.inspected_ms,
      lookEveryMs,
      tapSinceMs: row.tap_ms,
    },
  }));
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
  const { rows } = await client.query<{ place: string; id: number }>(
    `
      WITH given AS (
        SELECT u.*, coalesce(u.id, nextval('alerts_id_seq')::int) AS key
        FROM unnest(
          $1::int[], $2::text[], $3::int[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
          $8::timestamptz[], $9::timestamptz[], $10::text[], $11::jsonb[]
        ) WITH ORDINALITY AS u(
          id, rule, cluster_id, subject, state, pending_at, fired_at, cleared_at, resolved_at, severity,
          detail, place
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
      SELECT place, key AS id
      FROM given
      ORDER BY place`,
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

/** What is long over: alerts, silences and the log, as far as nothing that still fires was told by it. */
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
