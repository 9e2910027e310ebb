/** Evaluations of groups. In the caller's transaction, on the connection that holds the lock. */
import type pg from "pg";
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import type { ReportedReason } from "#lib/domain/health/reason.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { storableText } from "#lib/domain/text/text.ts";
import { inChunks } from "./chunks.ts";

export interface GroupEvaluation {
  readonly groupId: number;
  readonly verdict: Verdict;
  readonly verdictSinceMs: number;
  readonly evidence: number;
  readonly reason: ReportedReason | null;
  readonly severity: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
  readonly timeLagIsFloor: boolean;
  readonly inRate: number;
  readonly outRate: number;
  readonly catchUpSeconds: number | null;
  readonly dataLossSeconds: number | null;
  readonly lostMessages: bigint;
  readonly finding: ReportedFinding | null;
  readonly causeSinceMs: number | null;
}

export async function writeGroupEvaluations(client: pg.Client, all: readonly GroupEvaluation[]): Promise<void> {
  await inChunks(all, (rows) =>
    client.query(
      `
        UPDATE consumer_groups g
        SET verdict = u.verdict,
          verdict_since = to_timestamp(u.verdict_ms / 1000),
          evidence = u.evidence,
          reason = u.reason,
          reason_kind = u.reason_kind,
          severity = u.severity,
          lag_messages = u.lag,
          time_lag_ms = u.time_lag,
          time_lag_is_floor = u.floor,
          in_rate = u.in_rate,
          out_rate = u.out_rate,
          catch_up_seconds = u.catch_up,
          data_loss_seconds = u.data_loss,
          lost_messages = u.lost,
          cause = u.cause,
          cause_since = to_timestamp(u.cause_ms / 1000),
          cause_detail = u.detail,
          evaluated_at = now()
        FROM unnest(
          $1::int[], $2::text[], $3::float8[], $4::float8[], $5::text[], $6::int[], $7::bigint[],
          $8::bigint[], $9::bool[], $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::bigint[],
          $15::text[], $16::float8[], $17::jsonb[], $18::text[]
        ) AS u(
          id, verdict, verdict_ms, evidence, reason, severity, lag, time_lag, floor, in_rate, out_rate,
          catch_up, data_loss, lost, cause, cause_ms, detail, reason_kind
        )
        WHERE g.id = u.id`,
      [
        rows.map((r) => r.groupId),
        rows.map((r) => r.verdict),
        rows.map((r) => r.verdictSinceMs),
        rows.map((r) => r.evidence),
        rows.map((r) => r.reason?.text ?? null),
        rows.map((r) => r.severity),
        rows.map((r) => r.lagMessages),
        rows.map((r) => r.timeLagMs),
        rows.map((r) => r.timeLagIsFloor),
        rows.map((r) => r.inRate),
        rows.map((r) => r.outRate),
        rows.map((r) => r.catchUpSeconds),
        rows.map((r) => r.dataLossSeconds),
        rows.map((r) => r.lostMessages),
        rows.map((r) => r.finding?.cause ?? null),
        rows.map((r) => r.causeSinceMs),
        rows.map((r) => findingJson(r.finding)),
        rows.map((r) => r.reason?.kind ?? null),
      ],
    ),
  );
}

/** A broker's names are any text; what Postgres cannot hold in JSON is taken out. */
export function findingJson(finding: ReportedFinding | null): string | null {
  return finding === null
    ? null
    : JSON.stringify(finding, (_key, value: unknown) => (typeof value === "string" ? storableText(value) : value));
}

export async function notifyEvaluated(client: pg.Client): Promise<void> {
  await client.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "evaluated" })]);
}
