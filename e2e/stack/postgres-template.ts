/**
 * A stopped Postgres that a whole run of tests copies: creating one and applying every migration takes ten times as
 * long. A test file that is run by itself does without it.
 */
import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { exists } from "#lib/demo/stack/exists.ts";
import { applyMigrations } from "#lib/store/prisma/schema-engine.ts";

const run = promisify(execFile);
const MIGRATED = "flowtap_migrated";
const dir = process.env["FLOWTAP_TEST_DIR"];
const template = dir === undefined ? null : path.join(dir, "postgres-template");

/** From now on the stopped Postgres in this folder is the one to be copied. */
export async function keepAsTemplate(stateDir: string): Promise<void> {
  // Where Postgres's user cannot read the folder, its data lies elsewhere, and nothing is copied.
  if (template !== null && (await exists(path.join(stateDir, "data")))) await fs.rename(stateDir, template);
}

/** Unlike Node's own copy this keeps the owner of the files, which is Postgres's user. */
export async function copyTemplate(stateDir: string): Promise<void> {
  if (template !== null && (await exists(template))) await run("cp", ["-a", `${template}/.`, stateDir]);
}

/** Keeps a migrated copy of the database beside it. */
export async function addMigratedDatabase(databaseUrl: string): Promise<void> {
  await onServer(databaseUrl, (client) => client.query(`CREATE DATABASE ${MIGRATED}`));
  const migrated = new URL(databaseUrl);
  migrated.pathname = MIGRATED;
  await applyMigrations(migrated.href);
}

/** Applies the migrations; an empty database on a copy of the template becomes the migrated one. */
export async function migrate(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const isDone = await onServer(databaseUrl, async (client) => {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [MIGRATED]);
    if (rowCount === 0 || !(await isEmpty(databaseUrl))) return false;
    await client.query(`DROP DATABASE "${name}"`);
    await client.query(`ALTER DATABASE ${MIGRATED} RENAME TO "${name}"`);
    return true;
  });
  if (!isDone) await applyMigrations(databaseUrl);
}

const isEmpty = (databaseUrl: string): Promise<boolean> =>
  withClient(databaseUrl, async (client) => {
    const { rowCount } = await client.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1");
    return rowCount === 0;
  });

function onServer<T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const server = new URL(databaseUrl);
  server.pathname = "postgres";
  return withClient(server.href, use);
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
