import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { readWithin } from "./timed-read.ts";

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
});
after(() => postgres.stop());

describe("readWithin", () => {
  const read = (sql: string) =>
    readWithin(postgres.database.prisma, 200, (transaction) => transaction.$queryRawUnsafe<unknown[]>(sql));
  it("answers what was read in time", async () => assert.deepEqual(await read("SELECT 1 AS one"), [{ one: 1 }]));
  it("answers null for what takes longer", async () =>
    assert.equal(await read("SELECT 1 AS one FROM pg_sleep(3)"), null));
  it("hides no other fault", () => assert.rejects(read("SELECT nothing FROM nowhere"), /nowhere/));
});
