/** Makes the Postgres that the test files of this run copy. */
import path from "node:path";
import { openLeash } from "#lib/demo/stack/leash.ts";
import { startPostgres } from "#lib/demo/stack/postgres.ts";
import { addMigratedDatabase, keepAsTemplate } from "./postgres-template.ts";
import { temporaryFolder } from "./stack.ts";

const leash = openLeash();
const folder = await temporaryFolder("postgres-template");
try {
  const logFile = path.join(folder.dir, "postgres.log");
  const postgres = await startPostgres({ leash, stateDir: folder.dir, logFile });
  await addMigratedDatabase(postgres.url);
  await postgres.stop();
  await keepAsTemplate(folder.dir);
} finally {
  await leash.close();
  await folder.remove();
}
