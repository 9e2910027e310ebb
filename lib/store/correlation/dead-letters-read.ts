/** The dead letters among stored events, as the correlator needs them. */
import type pg from "pg";
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import { epochMs } from "../db/rows.ts";
import type { StoredBatch } from "./batches-read.ts";
import { eventId } from "./events-read.ts";

export interface StoredDeadLetter {
  readonly eventId: string;
  /** the event it is a copy of, where it says */
  readonly originalId: string | null;
  readonly originalDestinationId: number | null;
  readonly groupId: number | null;
  readonly storedAtMs: number;
}

/** The dead letters of these batches: which event they are copies of and which group gave up on it. */
export async function readDeadLettersOfBatches(
  client: pg.Client,
  batches: readonly StoredBatch[],
): Promise<StoredDeadLetter[]> {
  const { rows } = await client.query<{
    destination_id: number;
    partition: number;
    position: string;
    original_destination_id: number | null;
    original_partition: number | null;
    original_position: string | null;
    group_id: number | null;
    ms: number;
  }>(
    `
      SELECT f.destination_id, f.partition, f.position, f.original_destination_id, f.original_partition,
        f.original_position, g.id AS group_id, ${epochMs("f.stored_at")} AS ms
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[])
        AS b(destination_id, partition, first_position, last_position)
      JOIN failures f ON f.destination_id = b.destination_id
        AND f.partition = b.partition
        AND f.position BETWEEN b.first_position AND b.last_position
        AND f.format <> $5
      LEFT JOIN consumer_groups g ON g.cluster_id = f.cluster_id AND g.name = f.group_name`,
    [
      batches.map((b) => b.destinationId),
      batches.map((b) => b.partition),
      batches.map((b) => b.firstPosition),
      batches.map((b) => b.lastPosition),
      ERROR_EVENT_FORMAT,
    ],
  );
  return rows.map((row) => ({
    eventId: eventId(row.destination_id, row.partition, row.position),
    originalId:
      row.original_destination_id !== null && row.original_partition !== null && row.original_position !== null
        ? eventId(row.original_destination_id, row.original_partition, row.original_position)
        : null,
    originalDestinationId: row.original_destination_id,
    groupId: row.group_id,
    storedAtMs: row.ms,
  }));
}
