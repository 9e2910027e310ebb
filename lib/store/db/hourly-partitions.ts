/** The hourly partitions of the time-partitioned tables: made ahead, dropped when their hour is past retention. */
import type pg from "pg";
import { inPoolTransaction } from "./transaction.ts";

const TABLES = ["events", "event_batches", "group_commits"] as const;
const HOUR_MS = 3_600_000;
const HOURS_AHEAD = 2;
// Any fixed number: two processes must not make or drop the same partition at once.
const LOCK_KEY = 7_203_001;

/**
 * Makes the partitions of the hour before `now` (a clock may lag), of `now` and of the hours to come. Safe to call
 * again and by several processes.
 */
export async function ensurePartitions(pool: pg.Pool, now: Date): Promise<void> {
  const first = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - HOUR_MS;
  const hours = Array.from({ length: HOURS_AHEAD + 2 }, (_, i) => new Date(first + i * HOUR_MS));
  const wanted = hours.flatMap((from) => TABLES.map((table) => ({ table, name: nameOf(table, from), from })));
  const { rows } = await pool.query<{ present: string[] }>(
    "SELECT array(SELECT relname::text FROM pg_class WHERE relname = ANY($1)) AS present",
    [wanted.map(({ name }) => name)],
  );
  const present = new Set(rows[0]?.present);
  const missing = wanted.filter(({ name }) => !present.has(name));
  if (missing.length === 0) return;
  await underLock(pool, async (client) => {
    for (const { table, name, from } of missing) {
      const to = new Date(from.getTime() + HOUR_MS);
      await client.query(`
        CREATE TABLE IF NOT EXISTS "${name}" PARTITION OF "${table}"
        FOR VALUES FROM ('${from.toISOString()}') TO ('${to.toISOString()}')`);
    }
  });
}

/** Drops every partition whose hour ended before `before`; answers their names. */
export async function dropExpiredPartitions(pool: pg.Pool, before: Date): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = ANY($1::regclass[])",
    [[...TABLES]],
  );
  const expired = rows
    .map(({ name }) => name)
    .filter((name) => {
      const from = startOf(name);
      return from !== null && from + HOUR_MS <= before.getTime();
    });
  // One at a time: dropping locks the parent, and taps must get in between.
  for (const name of expired) await underLock(pool, (client) => client.query(`DROP TABLE IF EXISTS "${name}"`));
  return expired;
}

const underLock = (pool: pg.Pool, work: (client: pg.PoolClient) => Promise<unknown>): Promise<unknown> =>
  inPoolTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK_KEY]);
    return work(client);
  });

/** `events_2026112112`: the hour in UTC. */
const nameOf = (table: string, from: Date): string =>
  `${table}_${from.toISOString().slice(0, 13).replaceAll(/[-T]/g, "")}`;

function startOf(name: string): number | null {
  const hour = /_(\d{4})(\d{2})(\d{2})(\d{2})"?$/.exec(name);
  if (hour === null) return null;
  return Date.UTC(Number(hour[1]), Number(hour[2]) - 1, Number(hour[3]), Number(hour[4]));
}
