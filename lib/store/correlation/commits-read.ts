/** Commits as the correlator counts them, and the samples of offsets and times it measures them with. */
import type pg from "pg";
import { bigintOf, epochMs } from "../db/rows.ts";
import { LATE_BY_MS, type CorrelationCursor } from "./window.ts";

export interface CommitToCount {
  readonly xid: bigint;
  readonly storedAtMs: number;
  readonly committedAtMs: number;
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly offset: bigint;
}

export async function readCommits(
  client: pg.Client,
  from: CorrelationCursor,
  upTo: bigint,
  limit: number,
): Promise<CommitToCount[]> {
  const { rows } = await client.query<{
    xid: string;
    stored_ms: number;
    committed_ms: number;
    group_id: number;
    destination_id: number;
    partition: number;
    committed_offset: string;
  }>(
    `
      SELECT xid, ${epochMs("stored_at")} AS stored_ms,
        ${epochMs("committed_at")} AS committed_ms, group_id, destination_id,
        partition, committed_offset
      FROM group_commits
      WHERE xid >= $1 AND xid < $2 AND stored_at > to_timestamp($3::float8 / 1000)
      ORDER BY xid, committed_at
      LIMIT $4`,
    [from.xid, upTo, from.storedAtMs - LATE_BY_MS, limit],
  );
  return rows.map((row) => ({
    xid: BigInt(row.xid),
    storedAtMs: row.stored_ms,
    committedAtMs: row.committed_ms,
    groupId: row.group_id,
    destinationId: row.destination_id,
    partition: row.partition,
    offset: BigInt(row.committed_offset),
  }));
}

export interface GroupPartitionRef {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
}

/** The last offset of each group partition that was counted before the cursor; null: none was. In the order given. */
export async function readLastCounted(
  client: pg.Client,
  partitions: readonly GroupPartitionRef[],
  before: bigint,
): Promise<(bigint | null)[]> {
  if (partitions.length === 0) return [];
  const { rows } = await client.query<{ offset: string | null }>(
    `
      SELECT c.committed_offset AS offset
      FROM unnest($1::int[], $2::int[], $3::int[])
        WITH ORDINALITY AS w(group_id, destination_id, partition, ordinal)
      LEFT JOIN LATERAL (
        SELECT committed_offset
        FROM group_commits k
        WHERE k.group_id = w.group_id
          AND k.destination_id = w.destination_id
          AND k.partition = w.partition
          AND k.xid < $4
        ORDER BY k.committed_at DESC
        LIMIT 1
      ) c ON true
      ORDER BY w.ordinal`,
    [
      partitions.map((p) => p.groupId),
      partitions.map((p) => p.destinationId),
      partitions.map((p) => p.partition),
      before,
    ],
  );
  return rows.map((row) => bigintOf(row.offset));
}

export interface Beginning {
  /**
   * the first position whose event is not much older than the commit: where a group that has just begun may have begun
   */
  readonly start: bigint | null;
  /** not known yet: the tap has not stored the events that this commit passed */
  readonly isAhead: boolean;
}

/** For commits with nothing before them. In their order. */
export async function readBeginnings(
  client: pg.Client,
  commits: readonly {
    readonly destinationId: number;
    readonly partition: number;
    readonly offset: bigint;
    readonly committedAtMs: number;
    readonly storedAtMs: number;
  }[],
  { backMs, waitMs }: { readonly backMs: number; readonly waitMs: number },
): Promise<Beginning[]> {
  if (commits.length === 0) return [];
  const { rows } = await client.query<{ first: string | null; is_ahead: boolean }>(
    `
      SELECT b.first,
        b.first IS NULL
          AND COALESCE(
            p.next < w.committed AND w.stored_ms > extract(epoch FROM clock_timestamp()) * 1000 - $7::float8,
            false
          ) AS is_ahead
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::float8[], $5::float8[])
        WITH ORDINALITY AS w(destination_id, partition, committed, committed_ms, stored_ms, ordinal)
      LEFT JOIN tap_positions p ON p.destination_id = w.destination_id AND p.partition = w.partition
      LEFT JOIN LATERAL (
        SELECT min(e.first_position) AS first
        FROM event_batches e
        WHERE e.destination_id = w.destination_id
          AND e.partition = w.partition
          AND e.first_position < w.committed
          AND e.last_occurred_at > to_timestamp((w.committed_ms - $6::float8) / 1000)
          AND e.stored_at > now() - interval '2 hours'
      ) b ON true
      ORDER BY w.ordinal`,
    [
      commits.map((c) => c.destinationId),
      commits.map((c) => c.partition),
      commits.map((c) => c.offset),
      commits.map((c) => c.committedAtMs),
      commits.map((c) => c.storedAtMs),
      backMs,
      waitMs,
    ],
  );
  return rows.map((row) => ({ start: bigintOf(row.first), isAhead: row.is_ahead }));
}

export interface Stretch {
  readonly destinationId: number;
  readonly partition: number;
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** The flushes between two offsets of each partition, at most `perRange` each. */
export async function readStretches(
  client: pg.Client,
  ranges: readonly {
    readonly destinationId: number;
    readonly partition: number;
    readonly from: bigint;
    readonly to: bigint;
  }[],
  perRange: number,
): Promise<Stretch[]> {
  if (ranges.length === 0) return [];
  const { rows } = await client.query<{
    destination_id: number;
    partition: number;
    first_position: string;
    last_position: string;
    first_ms: number;
    last_ms: number;
  }>(
    `
      SELECT b.destination_id, b.partition, b.first_position, b.last_position,
        extract(epoch FROM b.first_occurred_at)::float8 * 1000 AS first_ms,
        extract(epoch FROM b.last_occurred_at)::float8 * 1000 AS last_ms
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) AS w(destination_id, partition, low, high)
      CROSS JOIN LATERAL (
        SELECT *
        FROM event_batches e
        WHERE e.destination_id = w.destination_id
          AND e.partition = w.partition
          AND e.last_position >= w.low
          AND e.first_position < w.high
          AND e.stored_at > now() - interval '2 hours'
        ORDER BY e.last_position
        LIMIT $5
      ) b`,
    [
      ranges.map((r) => r.destinationId),
      ranges.map((r) => r.partition),
      ranges.map((r) => r.from),
      ranges.map((r) => r.to),
      perRange,
    ],
  );
  return rows.map((row) => ({
    destinationId: row.destination_id,
    partition: row.partition,
    firstPosition: BigInt(row.first_position),
    lastPosition: BigInt(row.last_position),
    firstAtMs: row.first_ms,
    lastAtMs: row.last_ms,
  }));
}
