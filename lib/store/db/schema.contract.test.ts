import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startPostgres } from "#e2e/stack/stack.ts";
import { applyMigrations, pendingSchemaChanges } from "../prisma/schema-engine.ts";

describe("schema and migrations", () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  it("agree: a database with every migration applied needs no change", async () => {
    const applied = await applyMigrations(postgres.url);
    assert.notEqual(applied.length, 0);
    assert.equal(await pendingSchemaChanges(postgres.url), "");
  });

  it("apply once, however often and by however many they are applied", async () => {
    assert.deepEqual((await Promise.all([applyMigrations(postgres.url), applyMigrations(postgres.url)])).flat(), []);
  });

  it("drift is seen", async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query("ALTER TABLE replay_runs DROP COLUMN reason");
    await client.end();
    assert.match(await pendingSchemaChanges(postgres.url), /reason/);
  });
});
