/**
 * How everything reaches Postgres: Prisma for what pages and commands read and write, a pool beside it for
 * COPY and LISTEN.
 */
import { PrismaPg } from "@prisma/adapter-pg";
import { openPostgres, poolConfigOf, type Postgres, type PostgresOptions } from "./postgres.ts";
import { PrismaClient } from "../prisma/generated/client.ts";

export type { PrismaClient } from "../prisma/generated/client.ts";

export interface Database extends Postgres {
  readonly prisma: PrismaClient;
}

export interface DatabaseOptions extends PostgresOptions {
  readonly prismaPoolSize?: number;
}

/** Opens no connection yet; the first query does. */
export function openDatabase(options: DatabaseOptions): Database {
  const postgres = openPostgres(options);
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ ...poolConfigOf(options), max: options.prismaPoolSize ?? 8 }),
  });
  return {
    prisma,
    pool: postgres.pool,
    close: async () => {
      await prisma.$disconnect();
      await postgres.close();
    },
  };
}
