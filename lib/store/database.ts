/** How everything reaches Postgres: Prisma for what pages and commands read and write, a pool beside it for COPY and LISTEN. */
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import type { DatabaseConfig } from "#lib/config/schema.ts";
import { connectionOf } from "./connection.ts";
import { PrismaClient } from "./prisma/generated/client.ts";

export type { PrismaClient } from "./prisma/generated/client.ts";

export interface Database {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions extends DatabaseConfig {
  /** connections of the pool beside Prisma's own */
  readonly poolSize?: number;
  readonly prismaPoolSize?: number;
  /** what runs longer is cut off by Postgres itself */
  readonly statementTimeoutMs?: number;
}

/** Opens no connection yet; the first query does. */
export function openDatabase(options: DatabaseOptions): Database {
  const connection: pg.PoolConfig = { ...connectionOf(options), connectionTimeoutMillis: 5000, keepAlive: true, ...(options.statementTimeoutMs !== undefined && { statement_timeout: options.statementTimeoutMs }) };
  const pool = new pg.Pool({ ...connection, max: options.poolSize ?? 4 });
  // An idle connection that breaks is replaced on the next use; without a listener it would end the process.
  pool.on("error", () => undefined);
  // The same for one that breaks while it is lent out: its queries reject, which is where the fault belongs.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const prisma = new PrismaClient({ adapter: new PrismaPg({ ...connection, max: options.prismaPoolSize ?? 8 }) });
  return {
    prisma,
    pool,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
