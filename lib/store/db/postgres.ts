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

export function poolConfigOf(options: PostgresOptions): pg.PoolConfig {
  return {
    ...connectionOf(options),
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    ...(options.statementTimeoutMs !== undefined && { statement_timeout: options.statementTimeoutMs }),
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
