import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { writeCommits } from "#lib/store/ingest/commits.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { PartitionStates } from "./partition-states.ts";
import { StateReader } from "./state-reader.ts";

const CLUSTER = 1;
const ORDERS = 1;
const GROUPS = new Map([1, 2, 3].map((id) => [id, `group-${id}`]));

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
  await ensurePartitions(postgres.database.pool, new Date());
  await postgres.client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka')");
  await postgres.client.query(
    "INSERT INTO destinations (id, cluster_id, name, role, partition_count) VALUES (1, 1, 'orders', 'event', 4)",
  );
  for (const [id, name] of GROUPS)
    await postgres.client.query("INSERT INTO consumer_groups (id, cluster_id, name) VALUES ($1, 1, $2)", [id, name]);
});
after(() => postgres.stop());

const commit = (client: pg.Client, groupId: number, offset: bigint | null) =>
  writeCommits(
    { client, storedAtMs: Date.now() },
    { latest: [{ groupId, destinationId: ORDERS, partition: 0, offset, committedAtMs: Date.now() }] },
  );

describe("StateReader", () => {
  it("knows after each refresh what every group has committed, however late a transaction commits", async () => {
    const states = new PartitionStates();
    const reader = new StateReader(postgres.client, CLUSTER, states);
    const committed = () =>
      [...GROUPS.keys()].map((groupId) => states.committedOffset({ groupId, destinationId: ORDERS, partition: 0 }));
    const refresh = async (nowMs: number, { groups = GROUPS, reassigned = [] as readonly number[] } = {}) => {
      await reader.refresh(groups, new Set(reassigned), nowMs);
      return committed();
    };
    await commit(postgres.client, 1, 10n);
    await commit(postgres.client, 2, 20n);
    assert.deepEqual(await refresh(0), [10n, 20n, undefined]);

    const slow = new pg.Client({ connectionString: postgres.url });
    await slow.connect();
    await slow.query("BEGIN");
    await commit(slow, 1, 11n);
    await commit(postgres.client, 2, 21n);
    await commit(postgres.client, 3, 30n);
    assert.deepEqual(await refresh(5000), [10n, 21n, 30n], "one is not visible yet");
    await slow.query("COMMIT");
    await slow.end();
    assert.deepEqual(await refresh(10_000), [11n, 21n, 30n], "and is known as soon as it is visible");

    await postgres.client.query(
      "INSERT INTO group_partitions (group_id, destination_id, partition, member_id) VALUES (3, 1, 1, 'm-1')",
    );
    assert.equal(
      (await refresh(15_000), states.committedOffset({ groupId: 3, destinationId: ORDERS, partition: 1 })),
      undefined,
    );
    assert.equal(
      (await refresh(16_000, { reassigned: [3] }),
      states.committedOffset({ groupId: 3, destinationId: ORDERS, partition: 1 })),
      null,
      "assigned, not committed",
    );

    await commit(postgres.client, 2, null);
    assert.deepEqual(
      await refresh(45_000),
      [11n, undefined, 30n],
      "a commit that was removed is found when all are read",
    );

    await postgres.client.query("UPDATE consumer_groups SET gone_at = now() WHERE id = 1");
    const others = new Map([...GROUPS].filter(([id]) => id !== 1));
    await refresh(80_000, { groups: others });
    assert.deepEqual(committed(), [undefined, undefined, 30n]);
    await postgres.client.query("UPDATE consumer_groups SET gone_at = NULL WHERE id = 1");
    assert.deepEqual(
      await refresh(81_000),
      [11n, undefined, 30n],
      "a group that has come back has its committed offset again",
    );
  });
});
