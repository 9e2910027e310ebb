import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { Causes } from "./causes.ts";

const [ORDERS, PAYMENTS] = [1, 2];

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
  await ensurePartitions(postgres.database.pool, new Date());
  await postgres.client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka')");
  await postgres.client.query(
    `
      INSERT INTO destinations (id, cluster_id, name, role, partition_count)
      VALUES (1, 1, 'orders', 'event', 1), (2, 1, 'payments', 'event', 1)`,
  );
});
after(() => postgres.stop());

/** One flush with one event of a trace; an effect names the span that published its cause. */
async function store(
  destinationId: number,
  position: number,
  {
    trace,
    span,
    parent = null,
    service = null,
    secondsAgo = 2,
  }: { trace: string; span: number; parent?: number | null; service?: number | null; secondsAgo?: number },
): Promise<void> {
  const at = `date_trunc('milliseconds', now() - interval '${secondsAgo} seconds')`;
  await postgres.client.query(
    `
      WITH event AS (
        INSERT INTO events (
          stored_at, occurred_at, position, trace_id, span_id, parent_span_id, destination_id, partition,
          size_bytes, flags, service_id
        )
        VALUES (${at}, ${at}, $2, $3, $4, $5, $1, 0, 1, 0, $6)
      )
      INSERT INTO event_batches (
        stored_at, destination_id, partition, first_position, last_position, first_occurred_at,
        last_occurred_at, events, xid
      )
      VALUES (${at}, $1, 0, $2, $2, ${at}, ${at}, 1, pg_current_xact_id()::text::bigint)`,
    [destinationId, position, trace, span, parent, service],
  );
}
const counted = async (): Promise<number> =>
  (await postgres.client.query<{ n: number }>("SELECT COALESCE(sum(events), 0)::int AS n FROM cause_rollups")).rows[0]
    ?.n ?? -1;
const trace = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, "0")}`;

describe("Causes", () => {
  it("counts each effect once, whether its cause was stored before it, with it or after it", async () => {
    const causes = new Causes(postgres.client, { producers: [], groupServices: [] });
    await store(ORDERS, 0, { trace: trace(1), span: 1 });
    await causes.pass();
    await store(PAYMENTS, 0, { trace: trace(1), span: 2, parent: 1 });
    await causes.pass();
    assert.equal(await counted(), 1, "before");

    await store(PAYMENTS, 1, { trace: trace(2), span: 4, parent: 3 });
    await store(ORDERS, 1, { trace: trace(2), span: 3 });
    await causes.pass();
    assert.equal(await counted(), 2, "with it");

    await store(PAYMENTS, 2, { trace: trace(3), span: 6, parent: 5 });
    await causes.pass();
    assert.equal(await counted(), 2, "no cause is there");
    await store(ORDERS, 2, { trace: trace(3), span: 5 });
    await causes.pass();
    assert.equal(await counted(), 3, "after");

    await store(PAYMENTS, 3, { trace: trace(4), span: 9, parent: 8 });
    await store(ORDERS, 3, { trace: trace(4), span: 8, secondsAgo: 0 });
    await causes.pass();
    assert.equal(await counted(), 3, "its cause is stored, but too young for this window");
    for (const [table, at] of [
      ["events", "position"],
      ["event_batches", "first_position"],
    ])
      await postgres.client.query(
        `UPDATE ${table} SET stored_at = stored_at - interval '2 seconds' WHERE destination_id = 1 AND ${at} = 3`,
      );
    await causes.pass();
    assert.equal(await counted(), 4, "after, seen before its turn");

    await store(ORDERS, 4, { trace: trace(3), span: 7 });
    await causes.pass();
    await new Causes(postgres.client, { producers: [], groupServices: [] }).pass();
    assert.equal(await counted(), 4, "what comes later of the same traces counts nothing again");
  });

  it("waits for the partitions of a tap that has fallen silent until the others read them", async () => {
    const before = await counted();
    const lease = (secondsAgo: number) =>
      postgres.client.query(
        `
          INSERT INTO tap_leases (cluster_id, tap_id, renewed_at)
          VALUES (1, 7, now() - $1 * interval '1 second')
          ON CONFLICT (cluster_id, tap_id) DO UPDATE
          SET renewed_at = EXCLUDED.renewed_at`,
        [secondsAgo],
      );
    const causes = new Causes(postgres.client, { producers: [], groupServices: [] });
    await lease(4);
    await store(ORDERS, 5, { trace: trace(5), span: 11 });
    await store(PAYMENTS, 5, { trace: trace(5), span: 12, parent: 11 });
    await causes.pass();
    assert.equal(await counted(), before, "silent");
    await lease(11);
    await causes.pass();
    assert.equal(await counted(), before + 1, "taken over");

    await lease(4);
    await store(ORDERS, 6, { trace: trace(6), span: 13, secondsAgo: 16 });
    await store(PAYMENTS, 6, { trace: trace(6), span: 14, parent: 13, secondsAgo: 16 });
    await causes.pass();
    assert.equal(await counted(), before + 2, "waited for long enough");
  });

  it("counts what a group caused before it was known what it reads, once", async (t) => {
    await postgres.client.query("DELETE FROM tap_leases");
    const causes = new Causes(postgres.client, { producers: [], groupServices: [] });
    await causes.pass();
    const before = await counted();
    await postgres.client.query("INSERT INTO services (id, name) VALUES (1, 'payments'), (2, 'mails')");
    await postgres.client.query(
      "INSERT INTO consumer_groups (id, cluster_id, name, service_id) VALUES (1, 1, 'payments', 1), (2, 1, 'mails', 2)",
    );
    for (const n of [7, 8, 9]) {
      await store(ORDERS, n, { trace: trace(n), span: 2 * n, secondsAgo: 4 });
      await store(PAYMENTS, n, { trace: trace(n), span: 2 * n + 1, service: 1 });
    }
    await causes.pass();
    assert.equal(await counted(), before, "nobody reads orders yet, as far as is known");

    const reads = (groupId: number) =>
      postgres.client.query("INSERT INTO group_partitions (group_id, destination_id, partition) VALUES ($1, $2, 0)", [
        groupId,
        ORDERS,
      ]);
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 4000 });
    await reads(2);
    assert.equal((await causes.pass()).changed, false, "another service's group");
    t.mock.timers.tick(4000);
    await reads(1);
    assert.equal((await causes.pass()).changed, true, "with no new event");
    assert.equal(await counted(), before + 3);
    t.mock.timers.tick(4000);
    assert.equal((await causes.pass()).changed, false);
    await store(ORDERS, 10, { trace: trace(7), span: 20 });
    await store(PAYMENTS, 10, { trace: trace(8), span: 21, service: 1 });
    await causes.pass();
    assert.equal(await counted(), before + 4, "only what is new");
  });
});
