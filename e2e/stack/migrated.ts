/** A Postgres with Flowtap's schema, and the two ways in that the store's functions take. */
import pg from "pg";
import { openDatabase, type Database } from "#lib/store/db/database.ts";
import { migrate } from "./postgres-template.ts";
import { startPostgres } from "./stack.ts";

export interface MigratedPostgres {
  readonly url: string;
  readonly database: Database;
  readonly client: pg.Client;
  /** Closes both and removes the data. */
  stop(): Promise<void>;
}

export async function startMigratedPostgres(): Promise<MigratedPostgres> {
  const postgres = await startPostgres();
  await migrate(postgres.url);
  const database = openDatabase({ url: postgres.url });
  const client = new pg.Client({ connectionString: postgres.url });
  client.on("error", () => undefined);
  await client.connect();
  const stop = async () => {
    await client.end();
    await database.close();
    await postgres.stop();
  };
  return { url: postgres.url, database, client, stop };
}
