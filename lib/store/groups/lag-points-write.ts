/** The lag of each group and topic in the current rollup bucket. In the caller's transaction. */
import type pg from "pg";
import type { Verdict } from "#lib/domain/health/verdict.ts";
import { inChunks } from "./chunks.ts";

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
