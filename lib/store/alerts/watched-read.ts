/** The groups that the alert rules are evaluated for. On the connection that holds the lock. */
import type pg from "pg";
import type { WatchedGroup } from "#lib/domain/alert/rule.ts";
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import { epochMs, numberOf, wordOf } from "../db/rows.ts";
import type { Loosest } from "./loosest.ts";

interface WatchedColumns {
  readonly cluster_id: number;
  readonly cluster: string;
  readonly name: string;
  readonly verdict: string | null;
  readonly cause_detail: ReportedFinding | null;
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
  readonly evaluated_ms: number | null;
}

/**
 * The groups of these clusters that may meet a condition or have an alert already. Dead letters are those stored in the
 * last minute, whatever time their sender gave them, but for a history that a new tap reads; the group they name need
 * not be one that the broker knows.
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
        SELECT f.cluster_id, coalesce(f.group_name, '') AS name, count(*)::int AS dead_letters
        FROM failures f
        WHERE $7::float8 IS NOT NULL
          AND f.stored_at > now() - interval '1 minute'
          AND f.failed_at > now() - interval '1 day'
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
        WHERE dead_letters > $7
        UNION
        SELECT cluster_id, subject
        FROM watched
        WHERE cluster_id IN (SELECT id FROM ours)
      )
      SELECT k.cluster_id, o.name AS cluster, k.name, g.verdict, g.cause_detail, g.reason, g.lag_messages,
        g.time_lag_ms, g.time_lag_is_floor, g.in_rate, g.out_rate, g.member_count, g.data_loss_seconds,
        d.dead_letters, ${epochMs("g.evaluated_at")} AS evaluated_ms,
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
    evaluatedAtMs: row.evaluated_ms,
  }));
}
