/**
 * `npm run db:migrate`: brings the database that DATABASE_URL or the configuration names to this version of Flowtap.
 * Safe to run again, and by several processes at once.
 */
import { describeFaults, readDatabaseConfig } from "#lib/config/read-config.ts";
import { describeDatabaseFault } from "../db/database-faults.ts";
import { applyMigrations } from "./schema-engine.ts";

const database = readDatabaseConfig(process.env);
if (!database.ok) {
  const example = "DATABASE_URL=postgresql://flowtap:secret@127.0.0.1:5432/flowtap npm run db:migrate";
  console.error(`${describeFaults(database.error)}\nFor example:\n  ${example}`);
  process.exit(1);
}
try {
  const applied = await applyMigrations(database.value);
  console.log(applied.length === 0 ? "The database is up to date." : `Applied ${applied.join(", ")}.`);
  // The engine leaves its 10 s lock timer running, which nobody needs to wait for.
  process.exit(0);
} catch (error) {
  const why = describeDatabaseFault(error) ?? (error instanceof Error ? error.message : String(error));
  console.error(`The database could not be migrated: ${why}`);
  process.exit(1);
}
