/** What is thrown away when it is older than the retention, and what keeps the indexes of what stays worth having. */
import type pg from "pg";

const BATCH_ROWS = 5000;
/** A tap that has not said anything for so long is gone. */
const TAP_SILENT = "2 minutes";

/** The tables that are not partitioned by time, with the column that says how old a row is. */
const AGED = [
  ["publish_rollups", "bucket"],
  ["consume_rollups", "bucket"],
  ["cause_rollups", "bucket"],
  ["traces", "last_at"],
  ["trace_aliases", "seen_at"],
  ["failures", "stored_at"],
  ["quarantine", "stored_at"],
] as const;

/** Deletes rows older than `before`, a few thousand at a time so that nobody waits for their locks; answers how many. */
export async function deleteAged(client: pg.Client, before: Date, signal: AbortSignal): Promise<number> {
  let deleted = 0;
  for (const [table, column] of AGED) {
    for (let rows = BATCH_ROWS; rows === BATCH_ROWS && !signal.aborted; deleted += rows) {
      const answer = await client.query(`DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${column} < $1 LIMIT ${BATCH_ROWS}))`, [before]);
      rows = answer.rowCount ?? 0;
    }
  }
  return deleted;
}

/** Taps that died without a word are marked as stopped when they were last heard of. */
export async function markSilentTaps(client: pg.Client): Promise<void> {
  await client.query(`UPDATE tap_processes SET stopped_at = heartbeat_at WHERE stopped_at IS NULL AND heartbeat_at < now() - interval '${TAP_SILENT}'`);
}

/** BRIN indexes do not sum up new pages by themselves; until they do, every search reads those pages whole. */
export async function summarizeBrinIndexes(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ index: string }>(
    `SELECT i.indexrelid::regclass::text AS index FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
     JOIN pg_inherits h ON h.inhrelid = i.indrelid WHERE a.amname = 'brin' AND h.inhparent = 'events'::regclass`,
  );
  for (const { index } of rows) await client.query("SELECT brin_summarize_new_values($1::regclass)", [index]);
}
