/** A log that lost its end, as after an unclean leader election: what was read of that end lies there no longer. */
import type pg from "pg";
import { inPoolTransaction } from "../db/transaction.ts";

/** A batch of events that begins below the cut and ends behind it becomes two. */
const SPLIT_BATCHES = `
  WITH cut AS (
    UPDATE event_batches
    SET last_position = $3 - 1,
      events = (
        SELECT count(*)
        FROM events e
        WHERE e.stored_at = event_batches.stored_at
          AND e.destination_id = $1
          AND e.partition = $2
          AND e.position BETWEEN event_batches.first_position AND $3 - 1
      )
    WHERE destination_id = $1 AND partition = $2 AND first_position < $3 AND last_position >= $3
    RETURNING *
  )
  INSERT INTO event_batches (
    stored_at, destination_id, partition, first_position, last_position, first_occurred_at, last_occurred_at,
    events, xid
  )
  SELECT c.stored_at, $4, c.partition, $3, max(e.position), min(e.occurred_at), max(e.occurred_at), count(*), c.xid
  FROM cut c
  JOIN events e ON e.stored_at = c.stored_at AND e.destination_id = $1 AND e.partition = $2 AND e.position >= $3
  GROUP BY c.stored_at, c.partition, c.xid`;

const MOVE_BATCHES = `
  UPDATE event_batches
  SET destination_id = $4
  WHERE destination_id = $1 AND partition = $2 AND first_position >= $3`;

const MOVE_EVENTS = `
  UPDATE events
  SET destination_id = $4
  WHERE destination_id = $1
    AND partition = $2
    AND position >= $3
    AND stored_at >= (SELECT min(stored_at) FROM event_batches WHERE destination_id = $4)`;

const MOVE_FAILURES = `
  UPDATE failures
  SET destination_id = $4
  WHERE destination_id = $1 AND partition = $2 AND position >= $3`;

/**
 * Moves what was read at `to` and behind to a destination of its own, whose name no topic can have, and the position
 * back to `to`. Done already: changes nothing. Answers how many events were moved.
 */
export async function closeTruncatedEnd(
  pool: pg.Pool,
  { destinationId, partition, to }: { readonly destinationId: number; readonly partition: number; readonly to: bigint },
): Promise<number> {
  return inPoolTransaction(pool, async (client) => {
    const moved = await client.query(
      `
        UPDATE tap_positions
        SET next = $3, leader_epoch = NULL, resume_from = NULL
        WHERE destination_id = $1 AND partition = $2 AND next > $3`,
      [destinationId, partition, to],
    );
    if (moved.rowCount === 0) return 0;
    const { rows } = await client.query<{ id: number }>(
      `
        WITH live AS (
          UPDATE destinations
          SET generation = generation + 1
          WHERE id = $1
          RETURNING *
        )
        INSERT INTO destinations (
          cluster_id, name, role, partition_count, replication, tapped, topic_id, generation, generation_of, gone_at
        )
        SELECT cluster_id, name || '~' || (generation - 1), role, partition_count, replication, false, topic_id,
          generation - 1, name, now()
        FROM live
        RETURNING id`,
      [destinationId],
    );
    const values = [destinationId, partition, to, (rows[0] as { id: number }).id];
    await client.query(SPLIT_BATCHES, values);
    await client.query(MOVE_BATCHES, values);
    await client.query(MOVE_FAILURES, values);
    return (await client.query(MOVE_EVENTS, values)).rowCount ?? 0;
  });
}
