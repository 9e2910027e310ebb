/**
 * Work that one process at a time may do. The lock lives and dies with its connection, and the work writes through that
 * connection only.
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

export interface Leadership {
  readonly client: pg.Client;
  /** aborted when the connection, and so the lock, is gone */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Null when another process holds it. */
export async function takeLeadership(
  database: Database,
  kind: keyof typeof LEADER_LOCK,
  id: number,
): Promise<Leadership | null> {
  const client = new pg.Client(database.pool.options);
  const lost = new AbortController();
  client.on("error", () => lost.abort());
  client.on("end", () => lost.abort());
  await client.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>("SELECT pg_try_advisory_lock($1, $2) AS held", [
      LEADER_LOCK[kind],
      id,
    ]);
    if (rows[0]?.held === true) return { client, lost: lost.signal, release: () => client.end() };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  await client.end();
  return null;
}
