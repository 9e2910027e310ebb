import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import type { Database } from "../db/database.ts";
import { ageFailures } from "./aged-failures-write.ts";
import { readFailureGroup, readFailureGroups } from "./failure-groups-read.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 21);
const daysAgo = (days: number) => new Date(NOW_MS - days * DAY_MS);
const BEFORE = daysAgo(7);
const ALL = { from: daysAgo(365), to: new Date(NOW_MS), snoozed: [] };

describe("dead letters past retention", () => {
  let postgres: MigratedPostgres;
  let database: Database;
  let client: pg.Client;
  let position = 0;

  before(async () => {
    postgres = await startMigratedPostgres();
    ({ database, client } = postgres);
    await client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'test', 'kafka')");
    await client.query("INSERT INTO destinations (id, cluster_id, name) VALUES (1, 1, 'orders-dlt')");
  });
  after(() => postgres.stop());

  const fail = (
    fingerprint: string,
    days: number,
    { status = "open", storedDaysAgo = days, group = "payments" } = {},
  ) =>
    client.query(
      `
        INSERT INTO failures (
          cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title,
          original_destination, group_name, status, stored_at
        )
        VALUES (1, 1, 0, $1, $2, 'spring', $3, $4, 'orders', $5, $6, $7)`,
      [++position, daysAgo(days), fingerprint, `${fingerprint} ${days}`, group, status, daysAgo(storedDaysAgo)],
    );
  const left = async (fingerprint: string) =>
    (await client.query<{ n: number }>("SELECT count(*)::int AS n FROM failures WHERE fingerprint = $1", [fingerprint]))
      .rows[0]?.n;
  const ageAll = async (limit = 2) => {
    let statements = 1;
    while (await ageFailures(client, BEFORE, limit)) statements += 1;
    return statements;
  };

  it("go, few at a time, and an open fingerprint keeps when it was first and last seen and how often", async () => {
    for (const days of [30, 20, 10, 9, 8]) await fail("open", days, { group: `group-${days}` });
    await fail("open", 1);
    assert.equal(await ageAll(), 3);
    assert.equal(await left("open"), 1);
    const row = await readFailureGroup(database.prisma, "open");
    assert.deepEqual(
      {
        events: row?.events,
        open: row?.open,
        aged: row?.aged,
        firstAt: row?.firstAt,
        lastAt: row?.lastAt,
        title: row?.title,
        groups: row?.groups,
        topics: row?.topics,
      },
      {
        events: 6,
        open: 6,
        aged: 5,
        firstAt: daysAgo(30),
        lastAt: daysAgo(1),
        title: "open 1",
        groups: ["group-10", "group-20", "group-30", "group-8", "group-9", "payments"],
        topics: ["orders"],
      },
    );
  });

  it("leave an open fingerprint in the list when all of it went", async () => {
    await fail("gone", 12);
    await fail("gone", 11, { status: "resolved" });
    await ageAll();
    assert.equal(await left("gone"), 0);
    const listed = await readFailureGroups(database.prisma, { ...ALL, status: "open", q: "gone" }, 10, 0);
    assert.deepEqual(
      listed.rows.map(({ fingerprint, events, open, firstAt, lastAt }) => ({
        fingerprint,
        events,
        open,
        firstAt,
        lastAt,
      })),
      [{ fingerprint: "gone", events: 2, open: 1, firstAt: daysAgo(12), lastAt: daysAgo(11) }],
    );
    assert.equal(listed.total, 1);
    assert.equal((await readFailureGroups(database.prisma, { ...ALL, group: "nobody" }, 10, 0)).total, 0);
  });

  it("leave nothing of what was resolved", async () => {
    await fail("resolved", 12, { status: "resolved" });
    await ageAll();
    assert.equal(await readFailureGroup(database.prisma, "resolved"), null);
  });

  it("stay while they are sent again, and when they were read only now", async () => {
    await fail("replaying", 12, { status: "replaying" });
    await fail("read-late", 12, { storedDaysAgo: 0 });
    await ageAll();
    assert.deepEqual([await left("replaying"), await left("read-late")], [1, 1]);
  });

  it("are forgotten at last", async () => {
    await fail("ancient", 200);
    await ageAll();
    assert.equal(await readFailureGroup(database.prisma, "ancient"), null);
  });
});
