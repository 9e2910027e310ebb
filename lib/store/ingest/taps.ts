/** The tap processes, with their heartbeats and counters. */
import type pg from "pg";

export async function registerTap(
  pool: pg.Pool,
  tap: { readonly host: string; readonly pid: number; readonly version: string },
): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    "INSERT INTO tap_processes (host, pid, version) VALUES ($1, $2, $3) RETURNING id",
    [tap.host, tap.pid, tap.version],
  );
  return (rows[0] as { id: number }).id;
}

export interface TapCounters {
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly behind: number;
}

export async function beatTap(pool: pg.Pool, tapId: number, counters: TapCounters, stopped: boolean): Promise<void> {
  await pool.query(
    `
      UPDATE tap_processes
      SET heartbeat_at = now(), counters = $2, stopped_at = CASE WHEN $3 THEN now() END
      WHERE id = $1`,
    [tapId, JSON.stringify(counters), stopped],
  );
}
