import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { countKeyTopics, readKeyEvents } from "./entities-read.ts";
import { ensurePartitions } from "../db/hourly-partitions.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 60_000;
const BUDGET_MS = 10_000;
const HOSTILE = `'; DROP TABLE events; -- \u202e%_\\"🦊`;

describe("the events of a key", () => {
  let postgres: MigratedPostgres;
  before(async () => {
    postgres = await startMigratedPostgres();
    const { client, database } = postgres;
    // Thirty hours back: more than the two stretches that are looked through first.
    for (let hours = 0; hours <= 30; hours += 2)
      await ensurePartitions(database.pool, new Date(NOW_MS - hours * HOUR_MS));
    await client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'a', 'kafka'), (2, 'b', 'kafka')");
    await client.query(
      `
        INSERT INTO destinations (id, cluster_id, name, role)
        VALUES (1, 1, 'orders', 'event'), (2, 1, 'orders-dlt', 'dead_letter'), (3, 2, 'orders', 'event')`,
    );
    const insert =
      "INSERT INTO events (stored_at, occurred_at, position, destination_id, partition, size_bytes, flags, key)";
    // One of cust-7 in each hour, in a crowd of others; the same key text on another cluster; and one
    // that tries things.
    await client.query(
      `
        ${insert}
        SELECT t, t, row_number() OVER (ORDER BY t), 1, 0, 1, 0, 'cust-7'
        FROM (
          SELECT $1::timestamptz - h * interval '1 hour' AS t
          FROM generate_series(0, 29) h
        ) hours`,
      [new Date(NOW_MS)],
    );
    await client.query(
      `
        ${insert}
        SELECT $1::timestamptz - (n % 30) * interval '1 hour', $1, n, 1, 1, 1, 0, 'cust-' || 100 + n % 5000
        FROM generate_series(1, 30000) n`,
      [new Date(NOW_MS)],
    );
    await client.query(
      `
        ${insert}
        VALUES
          ($1, $1, 4, 2, 0, 1, 0, 'cust-7'),
          ($1, $1, 9, 3, 0, 1, 0, 'cust-7'),
          ($1, $1, 11, 1, 2, 1, 0, $2)`,
      [new Date(NOW_MS), HOSTILE],
    );
    await client.query(
      `
        INSERT INTO replay_runs (kind, cluster_id, started_at, plan, created_by, reason)
        VALUES ('redrive', 2, now(), '{"preview": {"to": {"how": "sandbox", "topic": "orders"}}}', 'a', 'b')`,
    );
    await client.query(
      `
        SELECT brin_summarize_new_values(indexrelid)
        FROM pg_index
        WHERE indexrelid::regclass::text LIKE 'events_2%_key_idx'`,
    );
  });
  after(() => postgres.stop());

  const count = async (key: string) =>
    (await countKeyTopics(postgres.database.prisma, key, BUDGET_MS)).topics.map(
      ({ cluster, topic, role, sandbox, events }) => `${cluster} ${topic} ${sandbox ? "sandbox" : role} ${events}`,
    );

  it("are counted in each topic of each cluster, whatever the key", async () => {
    assert.deepEqual(await count("cust-7"), ["a orders event 30", "b orders sandbox 1", "a orders-dlt dead_letter 1"]);
    assert.deepEqual(await count(HOSTILE), ["a orders event 1"]);
    assert.deepEqual(await count("cust-"), []);
    const {
      topics: [first],
      more,
      searchedFrom,
    } = await countKeyTopics(postgres.database.prisma, "cust-7", BUDGET_MS);
    assert.deepEqual([first?.firstAt.getTime(), first?.lastAt.getTime(), more], [NOW_MS - 29 * HOUR_MS, NOW_MS, false]);
    assert.ok(searchedFrom.getTime() <= NOW_MS - 29 * HOUR_MS);
  });

  it("are read from the newest back, as many as asked for, and it is said that there are more", async () => {
    const read = async (destinations: number[], limit: number) => {
      const { events, more } = await readKeyEvents(postgres.database.prisma, "cust-7", destinations, limit, BUDGET_MS);
      return [events.map((event) => Number(event.position)), more] as const;
    };
    assert.deepEqual(await read([1], 3), [[30, 29, 28], true]);
    assert.deepEqual(await read([1], 30), [Array.from({ length: 30 }, (_, i) => 30 - i), false]);
    assert.deepEqual(await read([2, 3], 30), [[9, 4], false]);
    assert.deepEqual(await read([], 30), [[], false]);
  });

  it("say when time ran out before all was looked at", async () => {
    assert.equal((await countKeyTopics(postgres.database.prisma, "cust-7", 0)).more, true);
    assert.deepEqual((await readKeyEvents(postgres.database.prisma, "cust-7", [1], 30, 0)).more, true);
  });
});
