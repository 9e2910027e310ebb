/** What every connection of Flowtap is bounded by. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { openDatabase, type Database } from "./database.ts";
import { takeLeadership } from "./leader-lock.ts";

const NAMES = [
  ...["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"],
  ...["tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count"],
];
const READ = "SELECT name, setting FROM pg_settings WHERE name = ANY($1::text[]) ORDER BY array_position($1, name)";
const TAP = ["120000", "30000", "60000", "10", "5", "4"];

describe("a connection", () => {
  let postgres: MigratedPostgres;
  let web: Database;
  before(async () => {
    postgres = await startMigratedPostgres();
    web = openDatabase({ url: postgres.url, statementTimeoutMs: 5000 });
  });
  after(async () => {
    await web.close();
    await postgres.stop();
  });
  const settingsOf = async (client: Pick<pg.ClientBase, "query">) =>
    (await client.query<{ setting: string }>(READ, [NAMES])).rows.map(({ setting }) => setting);

  it("of a tap's pool is bounded in every way", async () =>
    assert.deepEqual(await settingsOf(postgres.database.pool as never), TAP));
  it("of a leader is too", async () => {
    const lead = await takeLeadership(postgres.database, "alerts", 9);
    assert.ok(lead);
    assert.deepEqual(await settingsOf(lead.client), TAP);
    await lead.release();
  });
  it("of Prisma is too, with the web's shorter time for a statement", async () => {
    const rows = await web.prisma.$queryRawUnsafe<{ setting: string }[]>(READ, NAMES);
    assert.deepEqual(
      rows.map(({ setting }) => setting),
      ["5000", ...TAP.slice(1)],
    );
  });
});
