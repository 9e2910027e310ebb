/** The open incidents of a cluster, from which the evaluation goes on after a restart. */
import type pg from "pg";
import type { Cause } from "#lib/domain/health/cause.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { wordOf } from "../db/rows.ts";

export interface OpenIncidentRow {
  readonly id: number;
  readonly groupId: number;
  readonly verdict: Verdict;
  readonly cause: Cause | null;
  readonly severity: number;
  readonly peakLagMessages: bigint;
  readonly peakTimeLagMs: number | null;
}

/** The incidents of a cluster that are not over. */
export async function readOpenIncidents(client: pg.Client, clusterId: number): Promise<OpenIncidentRow[]> {
  const { rows } = await client.query<{
    id: number;
    group_id: number;
    verdict: string;
    cause: string | null;
    severity: number;
    peak_lag_messages: string;
    peak_time_lag_ms: string | null;
  }>(
    `
      SELECT id, group_id, verdict, cause, severity, peak_lag_messages, peak_time_lag_ms
      FROM incidents
      WHERE cluster_id = $1 AND closed_at IS NULL
      ORDER BY id`,
    [clusterId],
  );
  return rows.map((row) => ({
    id: row.id,
    groupId: row.group_id,
    verdict: wordOf("incidents.verdict", row.verdict),
    cause: wordOf("incidents.cause", row.cause),
    severity: row.severity,
    peakLagMessages: BigInt(row.peak_lag_messages),
    peakTimeLagMs: row.peak_time_lag_ms === null ? null : Number(row.peak_time_lag_ms),
  }));
}
