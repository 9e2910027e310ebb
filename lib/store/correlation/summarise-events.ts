/** Keeps the index by which the correlator finds a window's events up to date with what was just stored. */
import pg from "pg";
import { inTransaction } from "../db/transaction.ts";

const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Summarises the BRIN index on `stored_at` of the hour that is written to and the one before. Postgres itself does so
 * only when it vacuums; until then every window would read all events of its hour. Must not run inside a transaction.
 * While a vacuum works on the hour it does nothing, rather than wait for it.
 */
export async function summariseEvents(client: pg.Client): Promise<void> {
  try {
    await inTransaction(client, async () => {
      await client.query("SET LOCAL lock_timeout = '100ms'");
      await client.query(`
        SELECT brin_summarize_new_values(i.indexrelid)
        FROM generate_series(0, 1) AS ago(hours)
        JOIN pg_class t ON t.relkind = 'r'
          AND t.relname = 'events_' || to_char(
            (clock_timestamp() AT TIME ZONE 'UTC') - ago.hours * interval '1 hour', 'YYYYMMDDHH24'
          )
        JOIN pg_index i ON i.indrelid = t.oid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] AND a.attname = 'stored_at'
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am m ON m.oid = c.relam AND m.amname = 'brin'`);
    });
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE)) throw error;
  }
}
