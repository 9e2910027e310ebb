/**
 * Work that one process at a time may do. The lock lives and dies with its connection, and the work writes through that
 * connection only. The leader renews a lease beside it: one whose lease runs out has stopped (SIGSTOP, a machine that
 * hangs, a network that is cut), though its connection may stand for hours. Whoever comes next ends that connection, so
 * that the one that stopped can write nothing more, whenever it wakes.
 */
import pg from "pg";
import type { Database } from "./database.ts";

/** The first key of the advisory locks, one per kind of work. */
export const LEADER_LOCK = {
  inspect: 0x666c_696e,
  correlate: 0x666c_636f,
  housekeeping: 0x666c_6877,
  alerts: 0x666c_616c,
  replay: 0x666c_7275,
} as const;

const RENEW_EVERY_MS = 2000;
const LEASE_MS = 8000;
const RELEASE_WITHIN_MS = 2000;

export interface Leadership {
  readonly client: pg.Client;
  /** aborted when the connection, and so the lock, is gone, or the lease could not be renewed */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Null when another process holds it. */
export async function takeLeadership(
  database: Pick<Database, "pool">,
  kind: keyof typeof LEADER_LOCK,
  id: number,
): Promise<Leadership | null> {
  const client = new pg.Client(database.pool.options);
  const lost = new AbortController();
  client.on("error", () => lost.abort());
  client.on("end", () => lost.abort());
  await client.connect();
  const key = [LEADER_LOCK[kind], id];
  try {
    if ((await tryLock(client, key)) || ((await endStoppedLeader(client, key)) && (await tryLock(client, key))))
      return await withLease(database.pool, client, key, lost);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  await client.end();
  return null;
}

async function tryLock(client: pg.Client, key: number[]): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>("SELECT pg_try_advisory_lock($1, $2) AS held", key);
  return rows[0]?.held === true;
}

/**
 * Ends the connection of a leader whose lease has run out; answers whether it did. Only of the leader whose lease it
 * is: one that has just taken the lock has another connection.
 */
async function endStoppedLeader(client: pg.Client, key: number[]): Promise<boolean> {
  const { rows } = await client.query<{ ended: boolean }>(
    `
      SELECT pg_terminate_backend(l.pid, 1000) AS ended
      FROM leader_leases h
      JOIN pg_locks l ON l.pid = h.backend_pid AND l.locktype = 'advisory' AND l.granted
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.classid = $1::int::oid AND l.objid = $2::int::oid AND l.objsubid = 2
      WHERE h.lock_kind = $1 AND h.lock_id = $2
        AND h.renewed_at < clock_timestamp() - $3::int * interval '1 millisecond'`,
    [...key, LEASE_MS],
  );
  return rows[0]?.ended === true;
}

async function withLease(pool: pg.Pool, client: pg.Client, key: number[], lost: AbortController): Promise<Leadership> {
  const { rows } = await client.query<{ pid: number }>(
    `
      INSERT INTO leader_leases (lock_kind, lock_id, backend_pid, renewed_at)
      VALUES ($1, $2, pg_backend_pid(), clock_timestamp())
      ON CONFLICT (lock_kind, lock_id) DO UPDATE
      SET backend_pid = EXCLUDED.backend_pid, renewed_at = EXCLUDED.renewed_at
      RETURNING backend_pid AS pid`,
    key,
  );
  const mine = [...key, rows[0]?.pid];
  let renewedAtMs = performance.now();
  let isRenewing = false;
  // By another connection: on its own, a leader's renewal would wait behind its work.
  const renew = async () => {
    if (isRenewing) return;
    isRenewing = true;
    try {
      const { rowCount } = await pool.query(
        `
          UPDATE leader_leases
          SET renewed_at = clock_timestamp()
          WHERE lock_kind = $1 AND lock_id = $2 AND backend_pid = $3`,
        mine,
      );
      if (rowCount === 0) lost.abort();
      else renewedAtMs = performance.now();
    } catch {
      // An outage of a moment; a longer one is found below.
    } finally {
      isRenewing = false;
    }
  };
  const renewing = setInterval(() => {
    // Another one may lead by now: what waits for an answer on this connection must not wait on.
    if (performance.now() - renewedAtMs > LEASE_MS && isRenewing) lost.abort();
    else void renew();
  }, RENEW_EVERY_MS);
  lost.signal.addEventListener("abort", () => {
    clearInterval(renewing);
    void client.end().catch(() => undefined);
  });
  return {
    client,
    lost: lost.signal,
    release: async () => {
      clearInterval(renewing);
      const given = pool.query(
        "DELETE FROM leader_leases WHERE lock_kind = $1 AND lock_id = $2 AND backend_pid = $3",
        mine,
      );
      await Promise.race([given, new Promise((resolve) => setTimeout(resolve, RELEASE_WITHIN_MS).unref())]).catch(
        () => undefined,
      );
      await client.end();
    },
  };
}
