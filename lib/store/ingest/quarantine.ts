/** Records that could not be stored as events, each with the reason. */
import type { Flush } from "./flush.ts";

export interface QuarantineRow {
  readonly destinationId: number;
  readonly partition: number;
  readonly position: bigint;
  readonly reason: string;
}

export async function insertQuarantine(flush: Flush, rows: readonly QuarantineRow[]): Promise<void> {
  if (rows.length === 0) return;
  await flush.client.query(
    `
      INSERT INTO quarantine (destination_id, partition, position, reason, stored_at)
      SELECT *, to_timestamp($5::bigint / 1000.0)
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::text[])`,
    [
      rows.map((r) => r.destinationId),
      rows.map((r) => r.partition),
      rows.map((r) => r.position),
      rows.map((r) => r.reason),
      flush.storedAtMs,
    ],
  );
}
