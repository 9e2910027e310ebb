import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { deleteEndedProducers } from "../housekeeping.ts";
import { readGroupServiceNames, readGroupServices, readProducers } from "./producers-read.ts";
import { writeUsualGroups } from "./usual-groups-write.ts";
import { writeProducers, type ProducerDestinationRow } from "./producers-write.ts";

const [ORDERS, PAYMENTS] = [1, 2];
const [shop, pay] = [1, 2];
const NOW = Date.now();

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
  await postgres.client.query(`
    INSERT INTO clusters (id, name, system) VALUES (1, 'a', 'kafka'), (2, 'b', 'kafka');
    INSERT INTO destinations (id, cluster_id, name, role, partition_count)
    VALUES (1, 1, 'orders', 'event', 1), (2, 1, 'payments', 'event', 1), (3, 2, 'orders', 'event', 1);
    INSERT INTO services (id, name) VALUES (1, 'shop'), (2, 'pay');
    INSERT INTO consumer_groups (id, cluster_id, name) VALUES (5, 1, 'cg-5'), (6, 1, 'cg-6')`);
});
after(() => postgres.stop());
beforeEach(() => postgres.client.query("TRUNCATE producers, producer_destinations"));

const row = (producerId: bigint, over: Partial<ProducerDestinationRow> = {}): ProducerDestinationRow => ({
  producerId,
  destinationId: ORDERS,
  isTransactional: false,
  records: 1,
  namedRecords: 0,
  firstAtMs: NOW,
  lastAtMs: NOW,
  serviceId: null,
  hasConflict: false,
  ...over,
});
const write = (written: readonly ProducerDestinationRow[], groupsOf: readonly (readonly [bigint, number])[] = []) =>
  writeProducers(postgres.database.pool, 1, {
    written,
    groups: groupsOf.map(([producerId, groupId]) => ({ producerId, groupId, atMs: NOW })),
  });
const known = async (producerId: bigint, destinationId = ORDERS) => {
  const event = { destinationId, producerId };
  return (await readProducers(postgres.client, [event]))(event);
};

describe("producers", () => {
  it("are named by one record, on their other topics too, and only on their own cluster", async () => {
    assert.deepEqual(await write([row(7n, { serviceId: pay }), row(7n, { destinationId: PAYMENTS })]), [
      { producerId: 7n, serviceId: pay },
    ]);
    assert.deepEqual(await known(7n, PAYMENTS), {
      clusterId: 1,
      producerId: 7n,
      serviceId: pay,
      groupId: null,
      isGroupExact: false,
    });
    assert.equal(await known(7n, 3), null);
    assert.equal(await known(8n), null);
  });

  it("that name two services name none, at once or one after the other, and for good", async () => {
    await write([row(7n, { serviceId: pay })]);
    assert.deepEqual(await write([row(7n, { serviceId: shop })]), [{ producerId: 7n, serviceId: null }]);
    assert.deepEqual(await write([row(7n, { serviceId: pay })]), [{ producerId: 7n, serviceId: null }]);
    assert.deepEqual(await write([row(8n, { serviceId: pay, hasConflict: true })]), [
      { producerId: 8n, serviceId: null },
    ]);
    await write([row(9n, { serviceId: pay }), row(9n, { destinationId: PAYMENTS, serviceId: shop })]);
    assert.equal((await known(9n))?.serviceId, null);
  });

  it("belong to the group whose offsets they commit, unless there are several", async () => {
    await write([], [[7n, 5]]);
    await write([row(7n, { serviceId: pay })], [[7n, 5]]);
    assert.deepEqual(await known(7n), {
      clusterId: 1,
      producerId: 7n,
      serviceId: pay,
      groupId: 5,
      isGroupExact: true,
    });
    assert.deepEqual(await readGroupServices(postgres.client), new Map([[5, pay]]));
    assert.deepEqual(await readGroupServiceNames(postgres.client), new Map([[5, "pay"]]));
    await write([row(8n, { serviceId: shop })], [[8n, 5]]);
    assert.deepEqual(await readGroupServices(postgres.client), new Map(), "its producers name two services");
    await write([], [[7n, 6]]);
    assert.equal((await known(7n))?.groupId, null);
    await write([row(9n)]);
    await writeUsualGroups(postgres.client, [{ clusterId: 1, producerId: 9n, groupId: 6 }]);
    assert.deepEqual([(await known(9n))?.groupId, (await known(9n))?.isGroupExact], [6, false]);
    await write([], [[9n, 5]]);
    assert.equal((await known(9n))?.groupId, 5, "a transaction tells better");
  });

  it("are summed up by topic, those without an id together", async () => {
    await write([row(7n, { records: 3, namedRecords: 2, firstAtMs: NOW - 50 }), row(-1n, { records: 4 })]);
    await write([row(7n, { records: 2, lastAtMs: NOW + 50 })]);
    const { rows } = await postgres.client.query(
      `
        SELECT producer_id::int AS id, records::int, named_records::int AS named,
          extract(epoch FROM last_at - first_at)::float8 AS seconds
        FROM producer_destinations
        ORDER BY 1`,
    );
    assert.deepEqual(rows, [
      { id: -1, records: 4, named: 0, seconds: 0 },
      { id: 7, records: 5, named: 2, seconds: 0.1 },
    ]);
    assert.equal(await known(-1n), null);
  });

  it("are forgotten a day after their last record, and when there are too many, the oldest first", async () => {
    await write([row(7n, { lastAtMs: NOW - 25 * 3_600_000 }), row(8n)]);
    await postgres.client.query(`
      INSERT INTO producers (cluster_id, producer_id, first_at, last_at)
      SELECT 1, i, now() - interval '1 hour', now() - interval '1 hour'
      FROM generate_series(1000, 11000) i`);
    await deleteEndedProducers(postgres.client);
    const { rows } = await postgres.client.query<{ n: number; written: string[] }>(
      `
        SELECT count(*)::int AS n,
          (SELECT array_agg(producer_id::text ORDER BY producer_id) FROM producer_destinations) AS written
        FROM producers`,
    );
    assert.deepEqual(rows, [{ n: 10_000, written: ["8"] }]);
  });

  it("are written by two taps at once without waiting for each other in a circle", async () => {
    const ids = Array.from({ length: 200 }, (_, i) => BigInt(i));
    const rounds = Array.from({ length: 20 }, (_, i) =>
      write(
        (i % 2 === 0 ? ids : ids.toReversed()).map((id) => row(id)),
        ids.slice(0, 50).map((id) => [id, 5] as const),
      ),
    );
    assert.equal((await Promise.all(rounds)).length, 20);
  });
});
