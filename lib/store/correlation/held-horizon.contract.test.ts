import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { HeldHorizon } from "./held-horizon.ts";

describe("what holds correlation back", () => {
  let postgres: MigratedPostgres;
  let nowMs = 0;
  before(async () => {
    postgres = await startMigratedPostgres();
    await postgres.client.query("CREATE DATABASE elsewhere");
  });
  after(() => postgres.stop());

  const openElsewhere = async () => {
    const url = new URL(postgres.url);
    url.pathname = "/elsewhere";
    const client = new pg.Client({ connectionString: url.href, application_name: "nightly report" });
    await client.connect();
    await client.query("BEGIN");
    await client.query("SELECT pg_current_xact_id()");
    // What is written meanwhile is what waits.
    await postgres.client.query("SELECT pg_current_xact_id()");
    return client;
  };
  const later = (held: HeldHorizon, ms: number) => {
    nowMs += ms;
    return held.reason();
  };

  it("is nothing while transactions come and go, however long nothing happens", async () => {
    const held = new HeldHorizon(postgres.client, () => nowMs);
    assert.deepEqual([await held.reason(), await later(held, 60_000), await later(held, 60_000)], [null, null, null]);
  });
  it("is a transaction of another database, named with what ends it, until it ends", async () => {
    const other = await openElsewhere();
    const held = new HeldHorizon(postgres.client, () => nowMs);
    assert.equal(await held.reason(), null);
    assert.equal(await later(held, 14_000), null);
    const reason = (await later(held, 2000)) ?? "";
    assert.match(
      reason,
      /^A transaction of nightly report in the database elsewhere \(idle in transaction\), open since /,
    );
    const end = /(SELECT pg_terminate_backend\(\d+\)) ends it$/.exec(reason)?.[1] ?? "";
    other.on("error", () => undefined);
    await postgres.client.query(end.replace(")", ", 5000)"));
    assert.deepEqual([await later(held, 1000), await later(held, 60_000)], [null, null]);
  });
  it("is named also to a role that may see little of it", async () => {
    const other = await openElsewhere();
    await postgres.client.query("CREATE ROLE plain LOGIN");
    await postgres.client.query("SET ROLE plain");
    const held = new HeldHorizon(postgres.client, () => nowMs);
    await held.reason();
    assert.match(
      (await later(held, 16_000)) ?? "",
      /^A transaction of nightly report in the database elsewhere, open for a while, holds/,
    );
    await postgres.client.query("RESET ROLE");
    await other.end();
  });
});
