/** What keeps the database from growing for ever. */
import type pg from "pg";

/** Everything that is kept for as long as events are, and the column that says how old a row is. */
const KEPT_WITH_EVENTS = [
  ["publish_rollups", "bucket"],
  ["consume_rollups", "bucket"],
  ["cause_rollups", "bucket"],
  ["traces", "last_at"],
  ["trace_aliases", "seen_at"],
  ["quarantine", "stored_at"],
  ["tap_processes", "stopped_at"],
  ["group_events", "at"],
  ["member_sessions", "left_at"],
] as const;

/**
 * Deletes at most `limit` rows of each table; answers whether any table has more. Small statements: readers and writers
 * get in between.
 */
export async function deleteExpiredRows(client: pg.Client, before: Date, limit: number): Promise<boolean> {
  let more = false;
  for (const [table, column] of KEPT_WITH_EVENTS) {
    const { rowCount } = await client.query(
      `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${column} < $1 LIMIT $2))`,
      [before, limit],
    );
    more ||= rowCount === limit;
  }
  return more;
}

/** A process that has not written for so long has ended, or has another id now. */
const PRODUCERS_KEPT = "1 day";
/** of a cluster, the most recent; where processes open a producer for each record, there is no end to them */
const MOST_PRODUCERS = 10_000;

/** Deletes the producers that have ended, and what they wrote. */
export async function deleteEndedProducers(client: pg.Client): Promise<void> {
  await client.query(`
    DELETE FROM producers
    WHERE ctid = ANY(ARRAY(
      SELECT p.ctid
      FROM producers p
      JOIN (
        SELECT cluster_id, producer_id, row_number() OVER (PARTITION BY cluster_id ORDER BY last_at DESC) AS rank
        FROM producers
      ) r ON r.cluster_id = p.cluster_id AND r.producer_id = p.producer_id
      WHERE r.rank > ${MOST_PRODUCERS} OR p.last_at < now() - interval '${PRODUCERS_KEPT}'
      FOR UPDATE OF p SKIP LOCKED
    ))`);
  await client.query(`
    DELETE FROM producer_destinations
    WHERE ctid = ANY(ARRAY(
      SELECT w.ctid
      FROM producer_destinations w
      WHERE w.last_at < now() - interval '${PRODUCERS_KEPT}'
        OR (
          w.producer_id >= 0
          AND NOT EXISTS (
            SELECT
            FROM producers p
            WHERE p.cluster_id = w.cluster_id AND p.producer_id = w.producer_id
          )
        )
      FOR UPDATE OF w SKIP LOCKED
    ))`);
}

/**
 * Taps without a heartbeat for this long count as stopped since their last heartbeat; the next one clears that.
 */
export async function stopDeadTaps(client: pg.Client, silentSeconds: number): Promise<number> {
  const { rowCount } = await client.query(
    `
      UPDATE tap_processes
      SET stopped_at = heartbeat_at
      WHERE stopped_at IS NULL AND heartbeat_at < now() - $1::int * interval '1 second'`,
    [silentSeconds],
  );
  return rowCount ?? 0;
}

/**
 * Summarises the BRIN indexes of the hours (as `2026112112`) that are over: without new rows, autovacuum would not do
 * so soon.
 */
export async function summariseClosedPartitions(client: pg.Client, hours: readonly string[]): Promise<void> {
  await client.query(
    `
      SELECT brin_summarize_new_values(i.indexrelid)
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_am m ON m.oid = c.relam AND m.amname = 'brin'
      JOIN pg_class t ON t.oid = i.indrelid
      WHERE t.relkind = 'r' AND t.relname = ANY($1)`,
    [hours.map((hour) => `events_${hour}`)],
  );
}
