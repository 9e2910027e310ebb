/** Hours change while somebody reads the tables for a long time, as pg_dump does. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { dropExpiredPartitions, ensurePartitions } from "./hourly-partitions.ts";

const HOUR_MS = 3_600_000;
const NOW = new Date("2026-06-01T12:30:00Z");
const hoursOn = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS);

describe("hourly partitions", () => {
  let postgres: MigratedPostgres;
  before(async () => void (postgres = await startMigratedPostgres()));
  after(() => postgres.stop());

  const open = async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    return client;
  };
  const partitionsOf = async (table: string) => {
    const { rows } = await postgres.client.query<{ name: string }>(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1",
      [table],
    );
    return rows.map(({ name }) => name);
  };
  const write = (at: Date) =>
    postgres.client.query("INSERT INTO group_commits SELECT (jsonb_populate_record(null::group_commits, $1)).*", [
      JSON.stringify(Object.fromEntries([["stored_at", at.toISOString()], ...OTHERS])),
    ]);
  let OTHERS: [string, unknown][] = [];
  before(async () => {
    const { rows } = await postgres.client.query<{ name: string; type: string }>(`
      SELECT attname AS name, format_type(atttypid, NULL) AS type
      FROM pg_attribute
      WHERE attrelid = 'group_commits'::regclass AND attnum > 0 AND attname <> 'stored_at' AND attnotnull`);
    OTHERS = rows.map(({ name, type }) => [name, type.startsWith("timestamp") ? NOW.toISOString() : 1]);
  });

  it("are like their table, whichever way they were made", async () => {
    await ensurePartitions(postgres.database.pool, NOW);
    await postgres.client.query(
      "CREATE TABLE events_plain PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2020-01-02')",
    );
    const shapeOf = async (name: string) => {
      const { rows } = await postgres.client.query<{ line: string }>(
        `
          SELECT regexp_replace(pg_get_indexdef(indexrelid), '\\S+ ON \\S+', '') AS line
          FROM pg_index WHERE indrelid = $1::regclass
          UNION ALL
          SELECT format('%s %s %s %s', attname, format_type(atttypid, atttypmod), attnotnull, attstorage)
          FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0
          UNION ALL
          SELECT 'constraint ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::regclass
          UNION ALL
          SELECT 'attached ' || count(*) FROM pg_inherits i JOIN pg_index x ON x.indexrelid = i.inhrelid
          WHERE x.indrelid = $1::regclass
          ORDER BY 1`,
        [name],
      );
      return rows.map(({ line }) => line);
    };
    assert.deepEqual(await shapeOf("events_2026060112"), await shapeOf("events_plain"));
    await postgres.client.query("DROP TABLE events_plain");
  });

  it("come and go while somebody reads the tables, and nobody waits", { timeout: 60_000 }, async () => {
    await ensurePartitions(postgres.database.pool, NOW);
    await write(NOW);
    const dump = await open();
    await dump.query("BEGIN");
    for (const table of ["events", "event_batches", "group_commits"])
      await dump.query(`LOCK TABLE ${table} IN ACCESS SHARE MODE`);
    const waits: number[] = [];
    let going = true;
    const writing = (async () => {
      while (going) {
        const startedAt = performance.now();
        await write(NOW);
        waits.push(performance.now() - startedAt);
      }
    })();
    try {
      await ensurePartitions(postgres.database.pool, hoursOn(3));
      assert.equal((await partitionsOf("events")).at(-1), "events_2026060117");
      // What is read is left; the writers do not notice.
      assert.deepEqual(await dropExpiredPartitions(postgres.database.pool, hoursOn(0)), []);
    } finally {
      going = false;
      await writing;
      await dump.query("ROLLBACK");
      await dump.end();
    }
    assert.ok(Math.max(...waits) < 1000, `a write waited for ${Math.max(...waits)} ms`);
    const dropped = await dropExpiredPartitions(postgres.database.pool, hoursOn(0));
    assert.deepEqual(dropped.sort(), ["event_batches_2026060111", "events_2026060111", "group_commits_2026060111"]);
    assert.equal((await partitionsOf("events"))[0], "events_2026060112");
  });

  it("that were cut off on their way in are made anew", async () => {
    await postgres.client.query("CREATE TABLE events_2026060200 (a int)");
    await ensurePartitions(postgres.database.pool, new Date("2026-06-02T00:00:00Z"));
    assert.ok((await partitionsOf("events")).includes("events_2026060200"));
  });

  it("that were cut off on their way out are dropped", async () => {
    await postgres.client.query("ALTER TABLE events DETACH PARTITION events_2026060112");
    const dropped = await dropExpiredPartitions(postgres.database.pool, hoursOn(1));
    assert.ok(dropped.includes("events_2026060112"));
  });

  it("may be made by several at once", async () => {
    const at = new Date("2026-06-05T00:00:00Z");
    await Promise.all([1, 2, 3, 4].map(() => ensurePartitions(postgres.database.pool, at)));
    assert.equal((await partitionsOf("events")).filter((name) => /_20260604|_20260605/.test(name)).length, 4);
  });
});
