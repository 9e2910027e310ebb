/** What was last reported of groups. On the connection that holds the lock. */
import type pg from "pg";
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { wordOf } from "../db/rows.ts";

export interface ReportedGroup {
  readonly groupId: number;
  readonly verdict: Verdict;
  readonly verdictSinceMs: number | null;
  readonly causeSinceMs: number | null;
  readonly finding: ReportedFinding | null;
}

/** What was last reported of the groups that exist. Those of which nothing was reported are left out. */
export async function readReportedGroups(client: pg.Client, clusterId: number): Promise<ReportedGroup[]> {
  const { rows } = await client.query<{
    id: number;
    verdict: string;
    verdict_ms: number | null;
    cause_ms: number | null;
    cause_detail: ReportedFinding | null;
  }>(
    `
      SELECT id, verdict, round(extract(epoch FROM verdict_since) * 1000)::float8 AS verdict_ms,
        round(extract(epoch FROM cause_since) * 1000)::float8 AS cause_ms,
        CASE WHEN cause IS NOT NULL THEN cause_detail END AS cause_detail
      FROM consumer_groups
      WHERE cluster_id = $1 AND gone_at IS NULL AND verdict_since IS NOT NULL`,
    [clusterId],
  );
  return rows.map((row) => ({
    groupId: row.id,
    verdict: wordOf("consumer_groups.verdict", row.verdict),
    verdictSinceMs: row.verdict_ms,
    causeSinceMs: row.cause_ms,
    finding: row.cause_detail,
  }));
}
