/** One cluster with a topic and three groups, on a Postgres of its own. */
import type pg from "pg";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { startMigratedPostgres, type MigratedPostgres } from "./migrated.ts";

export interface GroupWorld {
  readonly postgres: MigratedPostgres;
  readonly client: pg.Client;
  /** ids of the groups payments, shipping and emails */
  readonly groups: readonly number[];
  /** id of the topic orders */
  readonly orders: number;
}

export async function startGroupWorld(): Promise<GroupWorld> {
  const postgres = await startMigratedPostgres();
  const { client } = postgres;
  await ensurePartitions(postgres.database.pool, new Date());
  const idOf = async (sql: string, values: readonly unknown[] = []): Promise<number> =>
    (await client.query<{ id: number }>(sql, [...values])).rows[0]?.id ?? 0;
  await client.query("INSERT INTO clusters (name, system) VALUES ('shop', 'kafka')");
  const orders = await idOf("INSERT INTO destinations (cluster_id, name) VALUES (1, 'orders') RETURNING id");
  const groups: number[] = [];
  for (const name of ["payments", "shipping", "emails"])
    groups.push(await idOf("INSERT INTO consumer_groups (cluster_id, name) VALUES (1, $1) RETURNING id", [name]));
  return { postgres, client, groups, orders };
}
