/** Postgres without Prisma, which costs tens of megabytes of memory: for a thread that does not use it. */
import pg from "pg";
import type { DatabaseConfig } from "#lib/config/schema.ts";
import { connectionOf } from "./connection.ts";

export interface Postgres {
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface PostgresOptions extends DatabaseConfig {
  /** connections of the pool, beside any of Prisma's */
  readonly poolSize?: number;
  /** what runs longer is cut off by Postgres itself */
  readonly statementTimeoutMs?: number;
}

const STATEMENT_MS = 120_000;
/** Who waits for a lock makes everybody behind wait too. */
const LOCK_MS = 30_000;
/** A transaction of a process that stopped holds up the correlation of all. */
const IDLE_IN_TRANSACTION_MS = 60_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
/** Postgres finds a client that is gone without a word in half a minute, not in the two hours of most systems. */
const SERVER_KEEPALIVES = [
  "-c tcp_keepalives_idle=10",
  "-c tcp_keepalives_interval=5",
  "-c tcp_keepalives_count=4",
].join(" ");

export function poolConfigOf(options: PostgresOptions): pg.PoolConfig {
  return {
    ...connectionOf(options),
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_MS,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    // What the address says of its own comes before it.
    options: SERVER_KEEPALIVES,
  };
}

/** Opens no connection yet; the first query does. */
export function openPostgres(options: PostgresOptions): Postgres {
  const pool = new pg.Pool({ ...poolConfigOf(options), max: options.poolSize ?? 4 });
  // An idle connection that breaks is replaced on the next use; without a listener it would end the process.
  pool.on("error", () => undefined);
  // The same for one that breaks while it is lent out: its queries reject, which is where the fault belongs.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return { pool, close: () => pool.end() };
}
