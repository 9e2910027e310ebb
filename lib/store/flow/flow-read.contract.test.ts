import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { readFlowRows } from "./flow-read.ts";
import { addLatency, encodeSketch, mergeSketches, openSketch, summariseLatency } from "../db/sketch.ts";
import { readGroupsOf } from "../destinations/topic-groups-read.ts";
import type { FlowWindow } from "./flow-window.ts";

const MINUTE_MS = 60_000;
const NOW_MS = Date.UTC(2026, 10, 21, 12);
const before10s = (buckets: number) => new Date(NOW_MS - buckets * 10_000);
const HUGE = 9_007_199_254_740_993n;

describe("who reads what", () => {
  let postgres: MigratedPostgres;
  before(async () => {
    postgres = await startMigratedPostgres();
    const { client } = postgres;
    await client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'a', 'kafka'), (2, 'b', 'kafka')");
    await client.query("INSERT INTO services (id, name) VALUES (1, 'shop')");
    await client.query(
      `
        INSERT INTO destinations (id, cluster_id, name, tapped, gone_at, first_seen_at)
        VALUES
          (1, 1, 'orders', true, NULL, $1),
          (2, 1, 'untapped', false, NULL, $1),
          (3, 1, 'gone', true, $1, $1),
          (4, 2, 'orders', true, NULL, $1)`,
      [new Date(NOW_MS - 86_400_000)],
    );
    await client.query(`
      INSERT INTO consumer_groups (
        id, cluster_id, name, service_id, service_known_by, verdict, member_count, lag_messages, time_lag_ms,
        reason, gone_at
      )
      VALUES
        (1, 1, 'pay', 1, 'declared', 'stalled', 2, ${HUGE}, 900, 'it "waits"', NULL),
        (2, 1, 'left', NULL, NULL, 'ok', 0, 0, NULL, NULL, now()),
        (3, 1, 'elsewhere', NULL, NULL, 'ok', 0, 0, NULL, NULL, NULL),
        (4, 1, 'late', NULL, NULL, 'ok', 0, 0, NULL, NULL, NULL),
        (5, 2, 'pay', NULL, NULL, 'unknown', 1, 4, NULL, NULL, NULL)`);
    await client.query(`
      INSERT INTO group_partitions (group_id, destination_id, partition, verdict, lag_messages, time_lag_ms)
      VALUES
        (1, 1, 0, 'ok', 3, 10),
        (1, 1, 1, 'stalled', 4, 900),
        (2, 1, 0, 'ok', 1, 1),
        (3, 2, 0, 'ok', 1, 1),
        (4, 3, 0, 'ok', 1, 1),
        (5, 4, 0, 'unknown', NULL, NULL)`);
    const sketch = openSketch();
    addLatency(sketch, 100, 3);
    await client.query(
      `
        INSERT INTO consume_rollups (bucket, group_id, destination_id, consumed, errors, latency)
        VALUES ($1, 1, 1, 5, 1, $3), ($2, 1, 1, 7, 0, $3), ($4, 1, 1, 1000, 0, NULL), ($1, 5, 4, 0, 0, NULL)`,
      [before10s(1), before10s(2), encodeSketch(sketch), before10s(90)],
    );
    await client.query(
      `
        INSERT INTO publish_rollups (
          bucket, destination_id, service_id, type_id, tap_id, events, bytes, errors, latency
        )
        VALUES ($1, 1, 1, 0, 1, 4, 1, 0, $3), ($2, 1, 1, 0, 1, 9, 1, 0, $3)`,
      [before10s(1), before10s(30), encodeSketch(sketch)],
    );
  });
  after(() => postgres.stop());

  const window = (live: boolean): FlowWindow => ({
    publishes: { from: new Date(NOW_MS - MINUTE_MS), to: new Date(NOW_MS) },
    consumes: { from: new Date(NOW_MS - MINUTE_MS), to: new Date(NOW_MS) },
    knownFrom: new Date(NOW_MS - 11 * MINUTE_MS),
    live,
  });
  const samples = (latency: readonly Uint8Array[] | null) =>
    summariseLatency(mergeSketches(latency ?? []))?.samples ?? null;

  it("now: every group of a tapped topic, and each topic there still is that it has committed to, with what it consumed in the window", async () => {
    const { groups, consumes } = await readFlowRows(postgres.database.prisma, window(true));
    assert.deepEqual(groups.map(({ cluster, group }) => `${cluster} ${group}`).sort(), ["a late", "a pay", "b pay"]);
    assert.deepEqual(
      groups.find(({ service }) => service !== null),
      {
        cluster: "a",
        group: "pay",
        service: "shop",
        serviceKnownBy: "declared",
        verdict: "stalled",
        reason: 'it "waits"',
        members: 2,
        lagMessages: HUGE,
        timeLagMs: 900,
      },
    );
    assert.deepEqual(
      consumes
        .map(({ latency, ...row }) => ({ ...row, samples: samples(latency) }))
        .toSorted((a, b) => (a.cluster < b.cluster ? -1 : 1)),
      [
        { cluster: "a", topic: "orders", group: "pay", events: 12, errors: 1, verdict: "stalled", samples: 6 },
        { cluster: "b", topic: "orders", group: "pay", events: 0, errors: 0, verdict: "unknown", samples: null },
      ],
    );
  });

  it("of publishes: the latencies of the window only", async () => {
    for (const live of [true, false]) {
      const { publishes } = await readFlowRows(postgres.database.prisma, window(live));
      assert.deepEqual(
        publishes.map(({ topic, events, latency }) => [topic, events, samples(latency)]),
        [["orders", 4, 3]],
      );
    }
  });

  it("of many groups of a topic the first by name, whatever the other topics have", async () => {
    const { client, database } = postgres;
    await client.query(
      "INSERT INTO consumer_groups (id, cluster_id, name) SELECT 10 + n, 1, 'a-' || n FROM generate_series(1, 9) n",
    );
    await client.query(
      `
        INSERT INTO group_partitions (group_id, destination_id, partition)
        SELECT 10 + n, 1, 0
        FROM generate_series(1, 9) n`,
    );
    const found = await readGroupsOf(database.prisma, [1, 4], 2);
    assert.deepEqual(
      found.map(({ id, group, among }) => [id, group, among]),
      [
        [1, "a-1", 10],
        [1, "a-2", 10],
        [4, "pay", 1],
      ],
    );
    await client.query("DELETE FROM consumer_groups WHERE id > 10");
  });

  it("of a topic: the groups that are there, each with its worst partition", async () => {
    assert.deepEqual(await readGroupsOf(postgres.database.prisma, [1, 2, 4], 50), [
      { id: 2, group: "elsewhere", verdict: "ok", lagMessages: 1n, timeLagMs: 1n, among: 1 },
      { id: 1, group: "pay", verdict: "stalled", lagMessages: 7n, timeLagMs: 900n, among: 1 },
      { id: 4, group: "pay", verdict: "unknown", lagMessages: 0n, timeLagMs: null, among: 1 },
    ]);
  });

  it("of queues: by which ways they are reached, with what was consumed where there is only one", async () => {
    const { client, database } = postgres;
    await client.query(`
      INSERT INTO destinations (id, cluster_id, name, tapped)
      VALUES (10, 1, 'exchange:a', true), (11, 1, 'exchange:b', true), (12, 1, 'queue:one', false);
      INSERT INTO consumer_groups (id, cluster_id, name, protocol, verdict, lag_messages, time_lag_ms)
      VALUES (100, 1, 'one', 'queue', 'ok', 3, 40), (101, 1, 'two', 'queue', 'stopped', 5, 60)`);
    await client.query(
      `
        INSERT INTO destination_routes (destination_id, group_id, known_since, gone_at)
        VALUES (10, 100, $1, NULL), (10, 101, $1, NULL), (11, 101, $1, NULL), (11, 100, $1, $2)`,
      [before10s(1000), before10s(900)],
    );
    await client.query(
      "INSERT INTO consume_rollups (bucket, group_id, destination_id, consumed, verdict) VALUES ($1, 100, 12, 8, 'ok')",
      [before10s(2)],
    );
    for (const live of [true, false]) {
      const { groups, consumes } = await readFlowRows(database.prisma, window(live));
      assert.deepEqual(
        consumes
          .filter(({ topic }) => topic.startsWith("exchange:"))
          .map(({ topic, group, events, isCounted }) => `${topic} ${group} ${events} ${isCounted}`)
          .sort(),
        ["exchange:a one 8 true", "exchange:a two 0 false", "exchange:b two 0 false"],
        live ? "now" : "then",
      );
      assert.ok(groups.some(({ group }) => group === "one"));
    }
    const readers = await readGroupsOf(database.prisma, [10, 11], 50);
    assert.deepEqual(
      readers.map(({ id, group, verdict, lagMessages }) => [id, group, verdict, Number(lagMessages)]),
      [
        [10, "one", "ok", 3],
        [10, "two", "stopped", 5],
        [11, "two", "stopped", 5],
      ],
    );
  });
});
