/**
 * Evaluations of groups and their partitions. Inside the caller's transaction, on the connection that
 * holds the lock.
 */
import type pg from "pg";
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import type { ReportedReason } from "#lib/domain/health/reason.ts";
import type { LagFlag } from "#lib/domain/health/log/flag.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { storableText } from "#lib/domain/text/text.ts";

export interface PartitionEvaluation {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
  readonly timeLagIsFloor: boolean;
  readonly verdict: Verdict;
  readonly evidence: number;
  readonly inRate: number;
  readonly outRate: number;
  readonly catchUpSeconds: number | null;
  readonly dataLossSeconds: number | null;
  readonly lostMessages: bigint;
  readonly flag: LagFlag | null;
}

/** A statement with all of tens of thousands of rows would be built whole, here and in the database. */
const ROWS_PER_WRITE = 5000;

async function inChunks<T>(rows: readonly T[], write: (chunk: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_WRITE) await write(rows.slice(from, from + ROWS_PER_WRITE));
}

export async function writePartitionEvaluations(client: pg.Client, all: readonly PartitionEvaluation[]): Promise<void> {
  await inChunks(all, (rows) =>
    client.query(
      `
        UPDATE group_partitions p
        SET lag_messages = u.lag,
          time_lag_ms = u.time_lag,
          time_lag_is_floor = u.floor,
          verdict = u.verdict,
          evidence = u.evidence,
          in_rate = u.in_rate,
          out_rate = u.out_rate,
          catch_up_seconds = u.catch_up,
          data_loss_seconds = u.data_loss,
          lost_messages = u.lost,
          flag = u.flag
        FROM unnest(
          $1::int[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bool[], $7::text[], $8::float8[],
          $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::bigint[], $14::text[]
        ) AS u(
          group_id, destination_id, partition, lag, time_lag, floor, verdict, evidence, in_rate, out_rate,
          catch_up, data_loss, lost, flag
        )
        WHERE p.group_id = u.group_id AND p.destination_id = u.destination_id AND p.partition = u.partition`,
      [
        rows.map((r) => r.groupId),
        rows.map((r) => r.destinationId),
        rows.map((r) => r.partition),
        rows.map((r) => r.lagMessages),
        rows.map((r) => r.timeLagMs),
        rows.map((r) => r.timeLagIsFloor),
        rows.map((r) => r.verdict),
        rows.map((r) => r.evidence),
        rows.map((r) => r.inRate),
        rows.map((r) => r.outRate),
        rows.map((r) => r.catchUpSeconds),
        rows.map((r) => r.dataLossSeconds),
        rows.map((r) => r.lostMessages),
        rows.map((r) => r.flag),
      ],
    ),
  );
}

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

export interface LagPoint {
  readonly groupId: number;
  readonly destinationId: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
  readonly memberCount: number;
  readonly verdict: Verdict;
}

/** The last lag in the current bucket; what was consumed in it is counted elsewhere. */
export async function writeLagPoints(client: pg.Client, all: readonly LagPoint[]): Promise<void> {
  await inChunks(all, (rows) =>
    client.query(
      `
        INSERT INTO consume_rollups AS r (
          bucket, group_id, destination_id, consumed, lag_messages, time_lag_ms, member_count, verdict
        )
        SELECT date_bin('10 seconds', now(), 'epoch'), u.group_id, u.destination_id, 0, u.lag, u.time_lag,
          u.members, u.verdict
        FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::int[], $6::text[])
          AS u(group_id, destination_id, lag, time_lag, members, verdict)
        ORDER BY 2, 3
        ON CONFLICT (bucket, group_id, destination_id) DO UPDATE
        SET lag_messages = EXCLUDED.lag_messages,
          time_lag_ms = EXCLUDED.time_lag_ms,
          member_count = EXCLUDED.member_count,
          verdict = EXCLUDED.verdict`,
      [
        rows.map((r) => r.groupId),
        rows.map((r) => r.destinationId),
        rows.map((r) => r.lagMessages),
        rows.map((r) => r.timeLagMs),
        rows.map((r) => r.memberCount),
        rows.map((r) => r.verdict),
      ],
    ),
  );
}

export async function notifyEvaluated(client: pg.Client): Promise<void> {
  await client.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "evaluated" })]);
}
