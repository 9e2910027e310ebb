/**
 * Incidents: stretches of time in which something was wrong with a group. Written in the transaction of the evaluations
 * they follow from, by the one process that evaluates the cluster, so that a tap that dies and starts again neither
 * repeats nor loses one.
 */
import type pg from "pg";
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import type { IncidentChangeKind } from "#lib/domain/health/incident.ts";
import type { ReportedReason } from "#lib/domain/health/reason.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { findingJson } from "./group-evaluations-write.ts";

export interface IncidentChangeRow {
  readonly groupId: number;
  /** null: it is opened by this */
  readonly incidentId: number | null;
  /** a `peak` is written to the incident only */
  readonly kind: IncidentChangeKind | "peak";
  /** of one that is opened: since when it holds */
  readonly sinceMs: number;
  readonly verdict: Verdict;
  readonly severity: number;
  readonly reason: ReportedReason | null;
  readonly finding: ReportedFinding | null;
  /** the peaks so far */
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
}

/** Answers the ids of the opened ones by group. */
export async function writeIncidentChanges(
  client: pg.Client,
  clusterId: number,
  rows: readonly IncidentChangeRow[],
  atMs: number,
): Promise<Map<number, number>> {
  if (rows.length === 0) return new Map();
  const opened = await openIncidents(
    client,
    clusterId,
    rows.filter((row) => row.kind === "opened"),
  );
  await followIncidents(
    client,
    rows.filter((row) => row.kind === "changed" || row.kind === "peak"),
  );
  await closeIncidents(
    client,
    rows.filter((row) => row.kind === "closed"),
    atMs,
  );
  const changes = rows.filter((row) => row.kind !== "peak");
  await client.query(
    `
      INSERT INTO incident_changes (incident_id, at, kind, verdict, cause, reason, reason_kind, detail)
      SELECT u.incident_id, to_timestamp($1::float8 / 1000), u.kind, u.verdict, u.cause, u.reason, u.reason_kind,
        u.detail
      FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
        AS u(incident_id, kind, verdict, cause, reason, reason_kind, detail)`,
    [
      atMs,
      changes.map((r) => r.incidentId ?? opened.get(r.groupId)),
      changes.map((r) => r.kind),
      changes.map((r) => r.verdict),
      changes.map((r) => r.finding?.cause ?? null),
      changes.map((r) => r.reason?.text ?? null),
      changes.map((r) => r.reason?.kind ?? null),
      changes.map((r) => findingJson(r.finding)),
    ],
  );
  return opened;
}

async function openIncidents(
  client: pg.Client,
  clusterId: number,
  rows: readonly IncidentChangeRow[],
): Promise<Map<number, number>> {
  if (rows.length === 0) return new Map();
  // The trouble may have begun before the end of the incident before: incidents of a group do not overlap.
  const { rows: ids } = await client.query<{ id: number; group_id: number }>(
    `
      INSERT INTO incidents (
        cluster_id, group_id, opened_at, verdict, cause, severity, reason, peak_lag_messages, peak_time_lag_ms
      )
      SELECT $1, u.group_id,
        greatest(
          to_timestamp(u.since_ms / 1000),
          (SELECT max(i.closed_at) FROM incidents i WHERE i.group_id = u.group_id)
        ),
        u.verdict, u.cause, u.severity, u.reason, u.lag, u.time_lag
      FROM unnest(
        $2::int[], $3::float8[], $4::text[], $5::text[], $6::int[], $7::text[], $8::bigint[], $9::bigint[]
      ) AS u(group_id, since_ms, verdict, cause, severity, reason, lag, time_lag)
      RETURNING id, group_id`,
    [
      clusterId,
      rows.map((r) => r.groupId),
      rows.map((r) => r.sinceMs),
      rows.map((r) => r.verdict),
      rows.map((r) => r.finding?.cause ?? null),
      rows.map((r) => r.severity),
      rows.map((r) => r.reason?.text ?? null),
      rows.map((r) => r.lagMessages),
      rows.map((r) => r.timeLagMs),
    ],
  );
  return new Map(ids.map((row) => [row.group_id, row.id]));
}

async function followIncidents(client: pg.Client, rows: readonly IncidentChangeRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `
      UPDATE incidents i
      SET verdict = u.verdict,
        cause = u.cause,
        severity = u.severity,
        reason = u.reason,
        peak_lag_messages = greatest(i.peak_lag_messages, u.lag),
        peak_time_lag_ms = greatest(i.peak_time_lag_ms, u.time_lag)
      FROM unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::text[], $6::bigint[], $7::bigint[])
        AS u(id, verdict, cause, severity, reason, lag, time_lag)
      WHERE i.id = u.id`,
    [
      rows.map((r) => r.incidentId),
      rows.map((r) => r.verdict),
      rows.map((r) => r.finding?.cause ?? null),
      rows.map((r) => r.severity),
      rows.map((r) => r.reason?.text ?? null),
      rows.map((r) => r.lagMessages),
      rows.map((r) => r.timeLagMs),
    ],
  );
}

async function closeIncidents(client: pg.Client, rows: readonly IncidentChangeRow[], atMs: number): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `
      UPDATE incidents i
      SET closed_at = greatest(i.opened_at, to_timestamp($1::float8 / 1000)),
        peak_lag_messages = greatest(i.peak_lag_messages, u.lag),
        peak_time_lag_ms = greatest(i.peak_time_lag_ms, u.time_lag)
      FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS u(id, lag, time_lag)
      WHERE i.id = u.id`,
    [atMs, rows.map((r) => r.incidentId), rows.map((r) => r.lagMessages), rows.map((r) => r.timeLagMs)],
  );
}
