import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { MAX_NAMES, NameTable, OTHER_NAME } from "./name-table.ts";
import { Names, openGroupNames } from "./names.ts";
import { deleteUnusedNames } from "./unused-names.ts";

const HOUR_MS = 3_600_000;
const [ORDERS, HOSTILE] = [1, 2];

describe("names on a real Postgres", () => {
  let postgres: MigratedPostgres;
  let pool: pg.Pool;
  before(async () => {
    postgres = await startMigratedPostgres();
    ({ pool } = postgres.database);
  });
  after(() => postgres.stop());

  const idsOf = async (name: string) =>
    (await pool.query<{ id: number }>("SELECT id FROM event_types WHERE name = $1", [name])).rows.map(({ id }) => id);

  it("have one id each, whoever asks first and however many at once", async () => {
    const taps = [new Names(pool), new Names(pool), new Names(pool)];
    await Promise.all(taps.map(({ types }, i) => types.resolve(i, "order.placed", "2")));
    assert.equal(new Set(taps.map(({ types }) => types.idOf(7, "order.placed", "2"))).size, 1);
    const [tap] = taps as [Names];
    await tap.types.resolve(ORDERS, "order.placed", "3");
    assert.notEqual(tap.types.idOf(ORDERS, "order.placed", "3"), tap.types.idOf(ORDERS, "order.placed", "2"));
    assert.equal(tap.types.idOf(ORDERS, "order.placed", ""), undefined);
    await tap.services.resolve(ORDERS, "orders", "");
    assert.equal(typeof tap.services.idOf(ORDERS, "orders", ""), "number");
    assert.deepEqual([tap.services.has("orders"), tap.services.has("payments")], [true, false]);
  });

  it("share the id of (other) where one source brings too many, whichever tap reads it; others are not harmed", async () => {
    for (const types of [new NameTable(pool, "event_types"), new NameTable(pool, "event_types")])
      for (let i = 0; i < MAX_NAMES.perSource + 5; i++) await types.resolve(HOSTILE, `hostile-${i}`, `${i % 7}`);
    const later = new NameTable(pool, "event_types");
    for (const i of [0, MAX_NAMES.perSource - 1, MAX_NAMES.perSource])
      await later.resolve(HOSTILE, `hostile-${i}`, `${i % 7}`);
    const [other] = await idsOf(OTHER_NAME);
    assert.equal(later.idOf(HOSTILE, `hostile-${MAX_NAMES.perSource}`, `${MAX_NAMES.perSource % 7}`), other);
    assert.equal(later.idOf(HOSTILE, "any other", ""), other, "without a question for each");
    assert.notEqual(later.idOf(HOSTILE, "hostile-0", "0"), other);
    assert.equal(later.fullSources, 1);
    const { rows } = await pool.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM event_types WHERE source_id = $1",
      [HOSTILE],
    );
    assert.equal(rows[0]?.n, MAX_NAMES.perSource);

    await later.resolve(ORDERS, "any other", "");
    assert.deepEqual(await idsOf("any other"), [later.idOf(ORDERS, "any other", "")]);
    await later.resolve(HOSTILE, "any other", "");
    assert.equal(later.idOf(HOSTILE, "any other", ""), later.idOf(ORDERS, "any other", ""), "a name of another's");
  });

  it("are deleted when nothing refers to them, and made anew when they come again", async () => {
    const types = new NameTable(pool, "event_types");
    const names = ["used", "unused", "of a failure", "of a trace", "in use again"];
    for (const name of names) await types.resolve(ORDERS, name, "");
    const idOf = (name: string) => types.idOf(ORDERS, name, "") ?? 0;
    const before = new Date(Date.now() - HOUR_MS);
    await pool.query(
      `
        INSERT INTO failures (
          cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title, type_id, stored_at
        )
        VALUES (1, 1, 0, 0, now(), 'x', 'x', 'x', $1, now())`,
      [idOf("of a failure")],
    );
    await pool.query(
      `
        INSERT INTO traces (
          trace_id, first_at, last_at, events, errors, root_destination, service_ids, destination_ids, type_ids
        )
        VALUES (gen_random_uuid(), now(), now(), 3000000000, 0, 1, '{}', '{}', ARRAY[$1::int])`,
      [idOf("of a trace")],
    );
    await types.refresh();
    await pool.query("UPDATE event_types SET last_used_at = now() - interval '5 hours' WHERE source_id = $1", [ORDERS]);
    const [used, unused] = [idOf("used"), idOf("unused")];
    types.use(used);
    await types.refresh();
    assert.deepEqual([types.idOf(ORDERS, "used", ""), types.idOf(ORDERS, "unused", "")], [used, undefined]);
    await types.resolve(ORDERS, "in use again", "");
    assert.ok((await deleteUnusedNames(postgres.client, before)) > 0);
    const { rows } = await pool.query<{ name: string }>(
      "SELECT name FROM event_types WHERE name = ANY($1) ORDER BY id",
      [names],
    );
    assert.deepEqual(
      rows.map(({ name }) => name),
      names.filter((name) => name !== "unused"),
    );
    await types.resolve(ORDERS, "unused", "");
    assert.notEqual(idOf("unused"), unused, "an id is never given twice");
    assert.equal(await deleteUnusedNames(postgres.client, before), 0);
  });

  it("make room again when they are deleted", async () => {
    const types = new NameTable(pool, "event_types");
    await types.resolve(HOSTILE, "one too many", "");
    assert.deepEqual([types.idOf(HOSTILE, "one too many", "")], await idsOf(OTHER_NAME));
    await pool.query("UPDATE event_types SET last_used_at = now() - interval '9 hours' WHERE source_id = $1", [
      HOSTILE,
    ]);
    await deleteUnusedNames(postgres.client, new Date(Date.now() - HOUR_MS));
    await types.refresh();
    await types.resolve(HOSTILE, "one too many", "");
    assert.deepEqual([types.idOf(HOSTILE, "one too many", "")], await idsOf("one too many"));
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
