import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { Consumption } from "./consumption.ts";

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
  await ensurePartitions(postgres.database.pool, new Date());
  await postgres.client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka')");
  await postgres.client.query(
    "INSERT INTO destinations (id, cluster_id, name, role, partition_count) VALUES (1, 1, 'orders', 'event', 3)",
  );
  await postgres.client.query(
    "INSERT INTO consumer_groups (id, cluster_id, name) VALUES (1, 1, 'payments'), (2, 1, 'olf'), (3, 1, 'late')",
  );
});
after(() => postgres.stop());

const AGO = (seconds: number): string => `now() - make_interval(secs => ${seconds})`;
const commit = (group: number, partition: number, offset: number, secondsAgo: number) =>
  postgres.client.query(
    `
      INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
      VALUES (${AGO(secondsAgo)}, ${AGO(secondsAgo)}, ${group}, 1, ${partition}, ${offset})`,
  );
const tapStandsAt = (partition: number, next: number) =>
  postgres.client.query(
    `
      INSERT INTO tap_positions (destination_id, partition, next, stored_at)
      VALUES (1, ${partition}, ${next}, now())
      ON CONFLICT (destination_id, partition) DO UPDATE
      SET next = EXCLUDED.next`,
  );
const store = (partition: number, from: number, to: number, secondsAgo: number) =>
  postgres.client.query(
    `
      INSERT INTO event_batches (
        stored_at, destination_id, partition, first_position, last_position, first_occurred_at,
        last_occurred_at, events, xid
      )
      VALUES (
        now(), 1, ${partition}, ${from}, ${to}, ${AGO(secondsAgo)}, ${AGO(secondsAgo)}, ${to - from + 1},
        pg_current_xact_id()::text::bigint
      )`,
  );
async function counted(group: number): Promise<number> {
  const { rows } = await postgres.client.query<{ n: number }>(
    "SELECT COALESCE(sum(consumed), 0)::int AS n FROM consume_rollups WHERE group_id = $1",
    [group],
  );
  return rows[0]?.n ?? -1;
}

describe("Consumption", () => {
  it("waits with a group's first commit until the events it passed are stored, and counts it whole", async () => {
    await tapStandsAt(0, 0);
    await commit(1, 0, 9, 2);
    await commit(2, 0, 9, 2);
    const consumption = new Consumption(postgres.client);
    await consumption.pass();
    assert.deepEqual([await counted(1), await counted(2)], [0, 0]);
    await store(0, 0, 8, 4);
    await tapStandsAt(0, 9);
    await consumption.pass();
    assert.deepEqual([await counted(1), await counted(2)], [9, 9]);
    await consumption.pass();
    await new Consumption(postgres.client).pass();
    assert.deepEqual([await counted(1), await counted(2)], [9, 9], "once");
  });

  it("does not wait for ever, and takes no old events for a group's first", async () => {
    await tapStandsAt(1, 0);
    await commit(3, 1, 50, 25);
    await tapStandsAt(2, 100);
    await store(2, 0, 99, 300);
    await commit(3, 2, 100, 2);
    const consumption = new Consumption(postgres.client);
    await consumption.pass();
    assert.equal(await counted(3), 0, "where it began is not known");
    await commit(3, 1, 60, 2);
    await commit(3, 2, 103, 2);
    await consumption.pass();
    assert.equal(await counted(3), 13);
  });
});
