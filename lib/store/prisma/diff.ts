/**
 * `npm run db:diff`: prints the SQL of the next migration, to be put under
 * prisma/migrations/<time>_<name>/migration.sql and read before it is committed.
 */
import { pendingSchemaChanges } from "./schema-engine.ts";

const databaseUrl = process.env["DATABASE_URL"];
if (!databaseUrl) {
  console.error("DATABASE_URL is not set. It must name a database that has every migration applied.");
  process.exit(1);
}
const changes = await pendingSchemaChanges(databaseUrl);
console.log(changes === "" ? "-- schema.prisma and the database agree." : changes);
