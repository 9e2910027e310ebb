/** Where partitions begin and end, their leaders and sizes, as last asked. On the connection that holds the lock. */
import type pg from "pg";

/** The transaction that keeps the last stable offset where it is; what is not known of it is null. */
export interface StalledTransaction {
  /** since when the last stable offset stands still below the end */
  readonly sinceMs: number;
  readonly producerId: bigint | null;
  readonly producerEpoch: number | null;
  readonly transactionalId: string | null;
  readonly startedAtMs: number | null;
}

export interface OffsetsRow {
  readonly destinationId: number;
  readonly partition: number;
  readonly logStartOffset: bigint;
  readonly endOffset: bigint;
  readonly lastStableOffset: bigint;
  readonly leader: number | null;
  /** on the leader's disks; null: not known */
  readonly sizeBytes: bigint | null;
  readonly heldByTransaction: StalledTransaction | null;
}

export async function writeOffsets(client: pg.Client, rows: readonly OffsetsRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `
      INSERT INTO partition_offsets (
        destination_id, partition, log_start_offset, end_offset, last_stable_offset, leader, size_bytes,
        held_since, held_by, observed_at
      )
      SELECT u.destination_id, u.partition, u.log_start, u.end_offset, u.stable, u.leader, u.size,
        to_timestamp(u.held_ms / 1000.0), u.held_by, now()
      FROM unnest(
        $1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[], $7::bigint[], $8::float8[],
        $9::jsonb[]
      ) AS u(destination_id, partition, log_start, end_offset, stable, leader, size, held_ms, held_by)
      ON CONFLICT (destination_id, partition) DO UPDATE
      SET log_start_offset = EXCLUDED.log_start_offset,
        end_offset = EXCLUDED.end_offset,
        last_stable_offset = EXCLUDED.last_stable_offset,
        leader = EXCLUDED.leader,
        size_bytes = EXCLUDED.size_bytes,
        held_since = EXCLUDED.held_since,
        held_by = EXCLUDED.held_by,
        observed_at = EXCLUDED.observed_at`,
    [
      rows.map((r) => r.destinationId),
      rows.map((r) => r.partition),
      rows.map((r) => r.logStartOffset),
      rows.map((r) => r.endOffset),
      rows.map((r) => r.lastStableOffset),
      rows.map((r) => r.leader),
      rows.map((r) => r.sizeBytes),
      rows.map((r) => r.heldByTransaction?.sinceMs ?? null),
      rows.map((r) => (r.heldByTransaction === null ? null : transactionJson(r.heldByTransaction))),
    ],
  );
}

/** {producerId, producerEpoch, transactionalId, startedAt}; null while it is not known who it is. */
function transactionJson({
  producerId,
  producerEpoch,
  transactionalId,
  startedAtMs,
}: StalledTransaction): string | null {
  return producerId === null
    ? null
    : JSON.stringify({
        producerId: String(producerId),
        producerEpoch,
        transactionalId,
        startedAt: startedAtMs === null ? null : new Date(startedAtMs).toISOString(),
      });
}

/** The broker has no offsets of leaderless partitions: only that they have no leader is written. */
export async function markLeaderless(
  client: pg.Client,
  rows: readonly { readonly destinationId: number; readonly partition: number }[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `
      UPDATE partition_offsets p
      SET leader = NULL
      FROM unnest($1::int[], $2::int[]) AS u(destination_id, partition)
      WHERE p.destination_id = u.destination_id AND p.partition = u.partition AND p.leader IS NOT NULL`,
    [rows.map((r) => r.destinationId), rows.map((r) => r.partition)],
  );
}
