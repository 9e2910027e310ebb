/** The flushes that the correlator works through, in the order of their transactions. */
import type pg from "pg";
import { epochMs } from "../db/rows.ts";
import { LATE_BY_MS, type CorrelationCursor } from "./window.ts";

export interface StoredBatch {
  readonly xid: bigint;
  readonly storedAtMs: number;
  readonly lastOccurredAtMs: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly firstPosition: bigint;
  readonly lastPosition: bigint;
  readonly events: number;
}

export async function readBatches(
  client: pg.Client,
  from: CorrelationCursor,
  upTo: bigint,
  limit: number,
): Promise<StoredBatch[]> {
  const { rows } = await client.query<{
    xid: string;
    ms: number;
    occurred_ms: number;
    destination_id: number;
    partition: number;
    first_position: string;
    last_position: string;
    events: number;
  }>(
    `
      SELECT xid, ${epochMs("stored_at")} AS ms,
        extract(epoch FROM last_occurred_at)::float8 * 1000 AS occurred_ms, destination_id, partition,
        first_position, last_position, events
      FROM event_batches
      WHERE xid >= $1 AND xid < $2 AND stored_at > to_timestamp($3::float8 / 1000)
      ORDER BY xid, seq
      LIMIT $4`,
    [from.xid, upTo, from.storedAtMs - LATE_BY_MS, limit],
  );
  return rows.map((row) => ({
    xid: BigInt(row.xid),
    storedAtMs: row.ms,
    lastOccurredAtMs: row.occurred_ms,
    destinationId: row.destination_id,
    partition: row.partition,
    firstPosition: BigInt(row.first_position),
    lastPosition: BigInt(row.last_position),
    events: row.events,
  }));
}
