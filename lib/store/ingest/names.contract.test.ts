import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { Names, openGroupNames, OTHER_NAME } from "./names.ts";

describe("names on a real Postgres", () => {
  let postgres: MigratedPostgres;
  let pool: pg.Pool;
  before(async () => {
    postgres = await startMigratedPostgres();
    ({ pool } = postgres.database);
  });
  after(() => postgres.stop());

  it("have one id each, whoever asks first and however many at once", async () => {
    const taps = [new Names(pool), new Names(pool), new Names(pool)];
    await Promise.all(taps.map(({ types }) => types.resolve("order.placed", "2")));
    assert.equal(new Set(taps.map(({ types }) => types.idOf("order.placed", "2"))).size, 1);
    await taps[0]?.types.resolve("order.placed", "3");
    assert.notEqual(taps[0]?.types.idOf("order.placed", "3"), taps[0]?.types.idOf("order.placed", "2"));
    assert.equal(taps[0]?.types.idOf("order.placed", ""), undefined);
    await taps[0]?.services.resolve("orders", "");
    assert.equal(typeof taps[0]?.services.idOf("orders", ""), "number");
  });

  it("share the id of (other) beyond the bound, so that hostile names cannot fill the table", async () => {
    const { rows } = await pool.query<{ n: string }>("SELECT count(*) AS n FROM event_types");
    await pool.query("INSERT INTO event_types (name) SELECT 'filler-' || i FROM generate_series(1, $1::int) i", [
      9999 - Number(rows[0]?.n),
    ]);
    const { types } = new Names(pool);
    await types.resolve("the last one", "");
    assert.equal(types.turnedAway, 0);
    for (const name of ["one too many", "two too many"]) await types.resolve(name, "");
    const other = (await pool.query<{ id: number }>("SELECT id FROM event_types WHERE name = $1", [OTHER_NAME])).rows[0]
      ?.id;
    assert.deepEqual([types.idOf("one too many", ""), types.idOf("two too many", "")], [other, other]);
    assert.notEqual(types.idOf("the last one", ""), other);
    assert.equal(types.turnedAway, 2);
    const later = new Names(pool).types;
    await later.resolve("one too many", "");
    await later.resolve("the last one", "");
    assert.deepEqual(
      [later.idOf("one too many", ""), later.idOf("the last one", "")],
      [other, types.idOf("the last one", "")],
    );
    assert.equal((await pool.query("SELECT 1 FROM event_types")).rowCount, 10_001);
  });

  it("of groups belong to their cluster", async () => {
    const clusters = (
      await pool.query<{ id: number }>(
        "INSERT INTO clusters (name, system) VALUES ('a', 'kafka'), ('b', 'kafka') RETURNING id",
      )
    ).rows.map(({ id }) => openGroupNames(pool, id));
    for (const groups of clusters) await groups.resolve(["payments", "shipping"]);
    const ids = clusters.flatMap((groups) => ["payments", "shipping"].map((name) => groups.idOf(name)));
    assert.equal(new Set(ids).size, 4);
    assert.ok(ids.every((id) => id !== undefined));
  });
});
