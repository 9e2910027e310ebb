/** `npm run db:migrate`: brings the database at DATABASE_URL to this version of Flowtap. Safe to run again, and by several processes at once. */
import { applyMigrations } from "./schema-engine.ts";

const databaseUrl = process.env["DATABASE_URL"];
if (!databaseUrl) {
  console.error("DATABASE_URL is not set. Say where Postgres is, for example:\n  DATABASE_URL=postgresql://flowtap:secret@127.0.0.1:5432/flowtap npm run db:migrate");
  process.exit(1);
}
try {
  const applied = await applyMigrations(databaseUrl);
  console.log(applied.length === 0 ? "The database is up to date." : `Applied ${applied.join(", ")}.`);
  // The engine leaves its 10 s lock timer running, which nobody needs to wait for.
  process.exit(0);
} catch (error) {
  console.error(`The database could not be migrated: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
