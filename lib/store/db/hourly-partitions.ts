/**
 * The hourly partitions of the time-partitioned tables: made ahead, dropped when their hour is past retention. Neither
 * may make anyone wait: a lock that has to be waited for makes everybody behind it wait too, so whoever reads a table
 * for an hour (pg_dump, an analyst) would stop all ingest. Partitions are therefore attached and detached with the
 * locks that let readers and writers pass, and what cannot be had at once is tried again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { isLockTimeout } from "./database-faults.ts";
import { inPoolTransaction } from "./transaction.ts";

const TABLES = ["events", "event_batches", "group_commits"] as const;
const HOUR_MS = 3_600_000;
const HOURS_AHEAD = 2;
// Any fixed number: two processes must not make or drop the same partition at once.
const LOCK_KEY = 7_203_001;
const LOCK_WITHIN_MS = 2000;
const ATTEMPTS = 5;
const BETWEEN_ATTEMPTS_MS = 500;

/**
 * Makes the partitions of the hour before `now` (a clock may lag), of `now` and of the hours to come. Safe to call
 * again and by several processes.
 */
export async function ensurePartitions(pool: pg.Pool, now: Date): Promise<void> {
  const first = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - HOUR_MS;
  const hours = Array.from({ length: HOURS_AHEAD + 2 }, (_, i) => new Date(first + i * HOUR_MS));
  const wanted = hours.flatMap((from) => TABLES.map((table) => ({ table, name: nameOf(table, from), from })));
  const present = new Set((await readPartitions(pool)).filter(({ attached }) => attached).map(({ name }) => name));
  for (const partition of wanted.filter(({ name }) => !present.has(name)))
    for (let attempt = 1; !(await makePartition(pool, partition, attempt === ATTEMPTS)); attempt++)
      await sleep(BETWEEN_ATTEMPTS_MS);
}

interface Wanted {
  readonly table: string;
  readonly name: string;
  readonly from: Date;
}

/**
 * `CREATE TABLE … PARTITION OF` would lock the parent against everybody. Attaching a table that is known to hold only
 * rows of its hour locks it only against other changes of its kind. False: a lock could not be had.
 */
async function makePartition(pool: pg.Pool, { table, name, from }: Wanted, isLast: boolean): Promise<boolean> {
  const [first, next] = [from, new Date(from.getTime() + HOUR_MS)].map((at) => `'${at.toISOString()}'`);
  try {
    await inPoolTransaction(pool, async (client) => {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_WITHIN_MS}`);
      await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK_KEY]);
      const { rows } = await client.query("SELECT FROM pg_inherits WHERE inhrelid = to_regclass($1)", [name]);
      if (rows.length > 0) return;
      // Of an attempt that ended in between: nothing was written to what is not attached.
      await client.query(`DROP TABLE IF EXISTS "${name}"`);
      await client.query(`
        CREATE TABLE "${name}" (
          LIKE "${table}" INCLUDING ALL,
          CONSTRAINT "${name}_hour" CHECK (stored_at IS NOT NULL AND stored_at >= ${first} AND stored_at < ${next})
        )`);
      await client.query(`ALTER TABLE "${table}" ATTACH PARTITION "${name}" FOR VALUES FROM (${first}) TO (${next})`);
      // The bounds say the same from here on, and cost nothing.
      await client.query(`ALTER TABLE "${name}" DROP CONSTRAINT "${name}_hour"`);
    });
    return true;
  } catch (error) {
    if (isLast || !isLockTimeout(error)) throw error;
    return false;
  }
}

/**
 * Drops every partition whose hour ended before `before`; answers the names of those that are gone. One that somebody
 * still reads is left for the next time.
 */
export async function dropExpiredPartitions(pool: pg.Pool, before: Date): Promise<string[]> {
  const expired = (await readPartitions(pool)).filter(({ name }) => {
    const from = startOf(name);
    return from !== null && from + HOUR_MS <= before.getTime();
  });
  if (expired.length === 0) return [];
  const client = await pool.connect();
  try {
    await client.query(`SET lock_timeout = ${LOCK_WITHIN_MS}`);
    const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1) AS taken", [LOCK_KEY]);
    if (rows[0]?.taken !== true) return [];
    const dropped: string[] = [];
    for (const partition of expired) if (await dropPartition(client, partition)) dropped.push(partition.name);
    return dropped;
  } finally {
    // The lock and the setting end with the connection.
    client.release(true);
  }
}

/** False: somebody still reads it, or its table. */
async function dropPartition(client: pg.PoolClient, { name, table, attached, detaching }: Partition): Promise<boolean> {
  try {
    // Detaching waits for those who read the table now, while all others go on; what is half done is finished first.
    if (attached)
      await client.query(
        `ALTER TABLE "${table}" DETACH PARTITION "${name}" ${detaching ? "FINALIZE" : "CONCURRENTLY"}`,
      );
    await client.query(`DROP TABLE IF EXISTS "${name}"`);
    return true;
  } catch (error) {
    if (isLockTimeout(error)) return false;
    throw error;
  }
}

interface Partition {
  readonly name: string;
  readonly table: string;
  /** false: it is a table of its own, on its way in or out */
  readonly attached: boolean;
  readonly detaching: boolean;
}

/** The oldest first, but what is being detached before all: only one of a table can be. */
async function readPartitions(pool: pg.Pool): Promise<Partition[]> {
  const { rows } = await pool.query<Partition>(
    `
      SELECT c.relname::text AS name, t.name AS table, i.inhrelid IS NOT NULL AS attached,
        coalesce(i.inhdetachpending, false) AS detaching
      FROM unnest($1::text[]) AS t (name)
      JOIN pg_class c ON c.relname ~ ('^' || t.name || '_[0-9]{10}$') AND c.relkind = 'r'
        AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = t.name::regclass)
      LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
      ORDER BY detaching DESC, name`,
    [[...TABLES]],
  );
  return rows;
}

/** `events_2026112112`: the hour in UTC. */
const nameOf = (table: string, from: Date): string =>
  `${table}_${from.toISOString().slice(0, 13).replaceAll(/[-T]/g, "")}`;

function startOf(name: string): number | null {
  const hour = /_(\d{4})(\d{2})(\d{2})(\d{2})$/.exec(name);
  if (hour === null) return null;
  return Date.UTC(Number(hour[1]), Number(hour[2]) - 1, Number(hour[3]), Number(hour[4]));
}
