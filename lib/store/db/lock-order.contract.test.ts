/**
 * Statements over several rows of a table that others write too lock them in one order. Each is run here while the row
 * that it has to lock first is held by somebody else: until it has that one, it may hold none of the others.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { writePartitionEvaluations, type PartitionEvaluation } from "../groups/partition-evaluations-write.ts";
import { writeMembers } from "../groups/members-write.ts";
import { writeCommits } from "../ingest/commits.ts";
import { NameTable } from "../ingest/name-table.ts";
import { writePartitionFaults } from "../ingest/partition-faults.ts";
import { correctRoles } from "../ingest/roles.ts";
import { writeUsualGroups } from "../publishers/usual-groups-write.ts";
import { ensurePartitions } from "./hourly-partitions.ts";
import { inTransaction } from "./transaction.ts";

let postgres: MigratedPostgres;
let holder: pg.Client;
before(async () => {
  postgres = await startMigratedPostgres();
  await ensurePartitions(postgres.database.pool, new Date());
  holder = new pg.Client({ connectionString: postgres.url });
  await holder.connect();
});
after(async () => {
  await holder.end();
  await postgres.stop();
});
// Written in the other order than they are to be locked in: what goes by where they lie, or by the order given, fails.
beforeEach(async () => {
  await postgres.client.query(`
    TRUNCATE clusters, services, tap_faults, producers, group_commits CASCADE;
    INSERT INTO clusters (id, name, system) VALUES (1, 'c', 'kafka');
    INSERT INTO destinations (id, cluster_id, name, role, partition_count)
    VALUES (1, 1, 'z', 'event', 9), (2, 1, 'a', 'event', 9);
    INSERT INTO consumer_groups (id, cluster_id, name) VALUES (1, 1, 'g');
    INSERT INTO group_partitions (group_id, destination_id, partition, member_id, committed_offset)
    VALUES (1, 1, 2, 'm', 1), (1, 1, 1, 'm', 1);
    INSERT INTO tap_faults (destination_id, partition, reason, since) VALUES (1, 2, 'x', now()), (1, 1, 'x', now());
    INSERT INTO services (id, name) VALUES (2, 'two'), (1, 'one');
    INSERT INTO producers (cluster_id, producer_id, first_at, last_at)
    VALUES (1, 2, now(), now()), (1, 1, now(), now())`);
});

const evaluation = (partition: number): PartitionEvaluation => ({
  ...{ groupId: 1, destinationId: 1, partition, lagMessages: 1n, timeLagMs: null, timeLagIsFloor: false },
  ...{ verdict: "ok", evidence: 1, inRate: 0, outRate: 0, catchUpSeconds: null, dataLossSeconds: null },
  ...{ lostMessages: 0n, flag: null },
});
const commit = (partition: number, offset: bigint | null) => ({
  ...{ groupId: 1, destinationId: 1, partition, offset, committedAtMs: Date.now() },
});
const flush = () => ({ client: postgres.client as unknown as pg.PoolClient, storedAtMs: Date.now(), xid: "1" });

const WRITERS: readonly {
  readonly what: string;
  /** the two rows, and the one of them that is locked first */
  readonly rows: string;
  readonly first: string;
  readonly write: () => Promise<void>;
}[] = [
  {
    what: "evaluations of group partitions",
    ...{ rows: "group_partitions", first: "partition = 1" },
    write: () => writePartitionEvaluations(postgres.client, [evaluation(2), evaluation(1)]),
  },
  {
    what: "members: what is assigned, and what no longer is",
    ...{ rows: "group_partitions", first: "partition = 1" },
    write: () =>
      writeMembers(postgres.client, new Map([[1, []]]), [
        { groupId: 1, destinationId: 1, partition: 1, memberId: "other" },
      ]),
  },
  {
    what: "commits, with one that was removed",
    ...{ rows: "group_partitions", first: "partition = 1" },
    write: () => writeCommits(flush(), { latest: [commit(2, 7n), commit(1, null)] }),
  },
  {
    what: "roles",
    ...{ rows: "destinations", first: "name = 'a'" },
    write: () =>
      correctRoles(
        flush(),
        [1, 2].map((destinationId) => ({ destinationId, role: "retry", sourceName: null })),
      ),
  },
  {
    what: "faults of partitions",
    ...{ rows: "tap_faults", first: "partition = 1" },
    write: () =>
      writePartitionFaults(
        postgres.database.pool,
        [2, 1].map((partition) => ({ destinationId: 1, partition, reason: "y" })),
      ),
  },
  {
    what: "names in use",
    ...{ rows: "services", first: "id = 1" },
    write: () => {
      const table = new NameTable(postgres.database.pool, "services");
      table.use(2);
      table.use(1);
      return table.refresh();
    },
  },
  {
    what: "usual groups of producers",
    ...{ rows: "producers", first: "producer_id = 1" },
    write: () =>
      writeUsualGroups(
        postgres.client,
        [2n, 1n].map((producerId) => ({ clusterId: 1, producerId, groupId: 1 })),
      ),
  },
];

describe("rows of tables with several writers are locked in one order by", { timeout: 60_000 }, () => {
  for (const { what, rows, first, write } of WRITERS)
    it(what, async () => {
      await holder.query(`BEGIN; SELECT 1 FROM ${rows} WHERE ${first} FOR UPDATE`);
      const writing = inTransaction(postgres.client, write);
      try {
        while (!(await isAnyoneWaiting())) await sleep(5);
        const { rowCount } = await holder.query(`SELECT 1 FROM ${rows} FOR UPDATE SKIP LOCKED`);
        assert.equal(rowCount, 2, "the other row is free as long as the first is not had");
      } finally {
        await holder.query("ROLLBACK");
        await writing;
      }
    });

  it("members, which does not bring back what a tap has removed meanwhile", async () => {
    await holder.query("BEGIN; DELETE FROM group_partitions WHERE partition = 1");
    const writing = inTransaction(postgres.client, () => writeMembers(postgres.client, new Map([[1, []]]), []));
    while (!(await isAnyoneWaiting())) await sleep(5);
    await holder.query("COMMIT");
    await writing;
    const { rows } = await holder.query("SELECT partition, member_id FROM group_partitions");
    assert.deepEqual(rows, [{ partition: 2, member_id: null }]);
  });

  async function isAnyoneWaiting(): Promise<boolean> {
    // Within a transaction, as the holder's, the answer would always be the first one.
    const { rowCount } = await postgres.database.pool.query(
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
    );
    return rowCount !== 0;
  }
});
