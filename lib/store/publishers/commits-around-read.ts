/** What groups had committed of a partition at a moment, and what they committed next. */
import type pg from "pg";
import { bigintOf, epochMs } from "../db/rows.ts";

export interface CommitsWanted {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly atMs: number;
}

export interface CommitsAround {
  /** the last offset committed before that moment; null: none in the time looked through */
  readonly before: bigint | null;
  /** the first commit from then on */
  readonly next: { readonly offset: bigint; readonly atMs: number } | null;
}

/** In the order given. Commits are looked for from `sinceMs` on. */
export async function readCommitsAround(
  client: pg.ClientBase,
  wanted: readonly CommitsWanted[],
  sinceMs: number,
): Promise<CommitsAround[]> {
  if (wanted.length === 0) return [];
  const { rows } = await client.query<{ before: string | null; next: string | null; next_ms: number | null }>(
    `
      SELECT b.committed_offset AS before, n.committed_offset AS next, ${epochMs("n.committed_at")} AS next_ms
      FROM unnest($1::int[], $2::int[], $3::int[], $4::float8[])
        WITH ORDINALITY AS w(group_id, destination_id, partition, ms, ordinal)
      LEFT JOIN LATERAL (
        SELECT committed_offset
        FROM group_commits k
        WHERE k.group_id = w.group_id
          AND k.destination_id = w.destination_id
          AND k.partition = w.partition
          AND k.committed_at < to_timestamp(w.ms / 1000)
          AND k.committed_at >= to_timestamp($5::float8 / 1000)
          AND k.stored_at >= to_timestamp($5::float8 / 1000)
        ORDER BY k.committed_at DESC
        LIMIT 1
      ) b ON true
      LEFT JOIN LATERAL (
        SELECT committed_offset, committed_at
        FROM group_commits k
        WHERE k.group_id = w.group_id
          AND k.destination_id = w.destination_id
          AND k.partition = w.partition
          AND k.committed_at >= to_timestamp(w.ms / 1000)
          AND k.stored_at >= to_timestamp($5::float8 / 1000)
        ORDER BY k.committed_at
        LIMIT 1
      ) n ON true
      ORDER BY w.ordinal`,
    [
      wanted.map((one) => one.groupId),
      wanted.map((one) => one.destinationId),
      wanted.map((one) => one.partition),
      wanted.map((one) => one.atMs),
      sinceMs,
    ],
  );
  return rows.map(({ before, next, next_ms: atMs }) => {
    const offset = bigintOf(next);
    return { before: bigintOf(before), next: offset === null || atMs === null ? null : { offset, atMs } };
  });
}
