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
