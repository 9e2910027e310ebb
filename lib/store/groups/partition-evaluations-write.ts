/**
 * Evaluations of group partitions. In the caller's transaction, on the connection that holds the lock. Taps write the
 * same rows with what groups commit: all lock them in the order of their key, so that they never wait in a circle.
 */
import type pg from "pg";
import type { LagFlag } from "#lib/domain/health/log/flag.ts";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { inChunks } from "./chunks.ts";

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

export async function writePartitionEvaluations(client: pg.Client, all: readonly PartitionEvaluation[]): Promise<void> {
  const ordered = all.toSorted(
    (a, b) => a.groupId - b.groupId || a.destinationId - b.destinationId || a.partition - b.partition,
  );
  await inChunks(ordered, (rows) =>
    client.query(
      `
        WITH locked AS (
          SELECT u.*
          FROM unnest(
            $1::int[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bool[], $7::text[], $8::float8[],
            $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::bigint[], $14::text[]
          ) AS u(
            group_id, destination_id, partition, lag, time_lag, floor, verdict, evidence, in_rate, out_rate,
            catch_up, data_loss, lost, flag
          )
          JOIN group_partitions p USING (group_id, destination_id, partition)
          ORDER BY p.group_id, p.destination_id, p.partition
          FOR NO KEY UPDATE OF p
        )
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
        FROM locked u
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
