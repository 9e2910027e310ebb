import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { ensurePartitions } from "../db/hourly-partitions.ts";
import { readWindowEvents } from "./events-read.ts";
import { summariseEvents } from "./summarise-events.ts";

const FLUSHES = 40;
const PER_FLUSH = 5000;

describe("the events of a window", () => {
  let postgres: MigratedPostgres;
  let newestMs: number;

  before(async () => {
    postgres = await startMigratedPostgres();
    await ensurePartitions(postgres.database.pool, new Date());
    await postgres.client.query(
      `
        INSERT INTO events (
          stored_at, occurred_at, position, trace_id, destination_id, partition, size_bytes, flags
        )
        SELECT date_trunc('second', now()) - flush * interval '1 ms', now(), flush * $2::int + n,
          md5(n::text)::uuid, 1, 0, 100, 0
        FROM generate_series(1, $1) flush, generate_series(1, $2) n
        ORDER BY flush, n`,
      [FLUSHES, PER_FLUSH],
    );
    const { rows } = await postgres.client.query<{ ms: number }>(
      "SELECT round(extract(epoch FROM max(stored_at)) * 1000)::float8 AS ms FROM events",
    );
    newestMs = rows[0]?.ms ?? 0;
  });
  after(() => postgres.stop());

  const windowOf = async (flush: number, share = 1) => {
    const { client } = postgres;
    const firstPosition = BigInt(flush * PER_FLUSH + 1);
    await client.query("BEGIN");
    const events = await readWindowEvents(
      client,
      [
        {
          xid: 1n,
          storedAtMs: newestMs + 1 - flush,
          lastOccurredAtMs: 0,
          destinationId: 1,
          partition: 0,
          firstPosition,
          lastPosition: firstPosition + BigInt(PER_FLUSH) - 1n,
          events: PER_FLUSH,
        },
      ],
      share,
    );
    await client.query("COMMIT");
    return events;
  };

  const blocksRead = async () => {
    await postgres.client.query("SELECT pg_stat_force_next_flush()");
    const { rows } = await postgres.client.query<{ blocks: string }>(
      `
        SELECT sum(heap_blks_read + heap_blks_hit) AS blocks
        FROM pg_statio_user_tables
        WHERE relname LIKE 'events_2%'`,
    );
    return Number(rows[0]?.blocks);
  };

  it("are read without the others of their hour, once its index is up to date", async () => {
    const read = async () => {
      const before = await blocksRead();
      assert.equal((await windowOf(7)).length, PER_FLUSH);
      return (await blocksRead()) - before;
    };
    const all = await read();
    await summariseEvents(postgres.client);
    const own = await read();
    assert.ok(own < all / 5, `${own} of ${all} blocks`);
  });

  it("are those of the same traces in every window, with a conversation's counted to its trace", async () => {
    const { client } = postgres;
    const traces = async (flush: number) =>
      new Set((await windowOf(flush, 1 / 16)).map(({ traceUuid }) => traceUuid)) as ReadonlySet<string>;
    const sampled = await traces(3);
    assert.ok(sampled.size > 200 && sampled.size < 450, `${sampled.size} traces`);
    assert.deepEqual(await traces(4), sampled);
    const [trace = ""] = sampled;
    const other = (await windowOf(3)).find(({ traceUuid }) => !sampled.has(traceUuid))?.traceUuid ?? "";
    await client.query("INSERT INTO trace_aliases VALUES ($1, $2, now())", [other, trace]);
    const joined = await windowOf(4, 1 / 16);
    assert.equal(joined.length, sampled.size + 1);
    assert.equal(joined.filter(({ traceUuid }) => traceUuid === trace).length, 2);
  });

  it("are read all the same while a vacuum holds the hour", async () => {
    const vacuum = new pg.Client({ connectionString: postgres.url });
    await vacuum.connect();
    try {
      await vacuum.query("BEGIN");
      const { rows } = await vacuum.query<{ name: string }>(
        "SELECT DISTINCT tableoid::regclass::text AS name FROM events",
      );
      for (const { name } of rows) await vacuum.query(`LOCK TABLE ${name} IN SHARE UPDATE EXCLUSIVE MODE`);
      const summarised = await Promise.race([summariseEvents(postgres.client).then(() => true), sleep(5000, false)]);
      assert.ok(summarised, "it waits for the vacuum");
      assert.equal((await windowOf(7)).length, PER_FLUSH);
    } finally {
      await vacuum.end();
    }
  });
});
