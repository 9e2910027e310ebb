/** The keys that occur most among the events waiting at a position. On the connection that holds the lock. */
import { cutText } from "#lib/domain/text/text.ts";
import type pg from "pg";
import type { CommittedPosition } from "./committed-positions.ts";

export interface WaitingKeys {
  readonly keys: { readonly key: string; readonly share: number }[];
  /** how many events were counted */
  readonly events: number;
}

/** The keys that occur most among the first `limit` events that wait at a position. */
export async function readWaitingKeys(
  client: pg.Client,
  position: CommittedPosition,
  limit: number,
): Promise<WaitingKeys> {
  const { rows } = await client.query<{ key: string | null; events: number; total: number }>(
    `
      SELECT key, events, (sum(events) OVER ())::int AS total
      FROM (
        SELECT key, count(*)::int AS events
        FROM (
          SELECT e.key
          FROM (
            SELECT stored_at
            FROM event_batches b
            WHERE b.destination_id = $1 AND b.partition = $2 AND b.last_position >= $3
            ORDER BY b.last_position
            LIMIT 20
          ) b
          CROSS JOIN LATERAL (
            SELECT key
            FROM events e
            WHERE e.stored_at = b.stored_at
              AND e.destination_id = $1
              AND e.partition = $2
              AND e.position >= $3
          ) e
          LIMIT $4
        ) sample
        GROUP BY key
      ) counted
      ORDER BY events DESC
      LIMIT 6`,
    [position.destinationId, position.partition, position.committedOffset, limit],
  );
  const events = rows[0]?.total ?? 0;
  return {
    keys: rows
      .flatMap((row) => (row.key === null ? [] : [{ key: cutText(row.key, 100), share: row.events / events }]))
      .slice(0, 5),
    events,
  };
}
