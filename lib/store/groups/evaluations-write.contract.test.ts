import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startGroupWorld, type GroupWorld } from "#e2e/stack/group-world.ts";
import { writeGroupEvaluations, type GroupEvaluation } from "./group-evaluations-write.ts";
import { AT, CLUSTER, finding } from "./incidents.test-data.ts";
import { writePartitionEvaluations } from "./partition-evaluations-write.ts";
import { readReportedGroups } from "./reported-read.ts";
import { readPartitionStates, type PartitionStateRow } from "./states-read.ts";

describe("evaluations on a real Postgres", () => {
  let world: GroupWorld;
  let client: pg.Client;
  let first: number;
  let orders: number;
  before(async () => {
    world = await startGroupWorld();
    ({ client, orders } = world);
    first = world.groups[0] ?? 0;
  });
  after(() => world.postgres.stop());

  it("keeps what was reported of a group and its partitions for the next leader", async () => {
    const group: GroupEvaluation = {
      groupId: first,
      verdict: "stopped",
      verdictSinceMs: AT,
      evidence: 0.5,
      reason: { kind: "cause", text: "it stands" },
      severity: 3,
      lagMessages: 10n,
      timeLagMs: 500,
      timeLagIsFloor: true,
      inRate: 1.5,
      outRate: 0,
      catchUpSeconds: null,
      dataLossSeconds: 60,
      lostMessages: 2n,
      finding,
      causeSinceMs: AT - 60_000,
    };
    await client.query(
      `
        INSERT INTO group_partitions (group_id, destination_id, partition, committed_offset, committed_at, moved_at)
        VALUES ($1, $2, 3, 7, now(), now())`,
      [first, orders],
    );
    await client.query(
      `
        INSERT INTO group_partitions (group_id, destination_id, partition, member_id)
        VALUES ($1, $2, 4, 'm-1'), ($1, $2, 5, NULL)`,
      [first, orders],
    );
    await writeGroupEvaluations(client, [group]);
    await writePartitionEvaluations(client, [
      {
        groupId: first,
        destinationId: orders,
        partition: 3,
        lagMessages: 10n,
        timeLagMs: 500,
        timeLagIsFloor: true,
        verdict: "stopped",
        evidence: 0.5,
        inRate: 1.5,
        outRate: 0,
        catchUpSeconds: 3,
        dataLossSeconds: null,
        lostMessages: 0n,
        flag: "transaction",
      },
    ]);
    const [reported] = await readReportedGroups(client, CLUSTER);
    assert.deepEqual(
      [
        reported?.verdict,
        reported?.verdictSinceMs,
        reported?.causeSinceMs,
        reported?.finding?.cause,
        reported?.finding?.facts[0]?.value,
      ],
      ["stopped", AT, AT - 60_000, "poison_event", "b\ufffd\ufffd"],
    );
    const { rows } = await client.query(
      "SELECT lag_messages, flag, catch_up_seconds FROM group_partitions WHERE partition = 3",
    );
    assert.deepEqual(rows, [{ lag_messages: "10", flag: "transaction", catch_up_seconds: 3 }]);
    const states: PartitionStateRow[] = [];
    await readPartitionStates(client, CLUSTER, [first], (row) => states.push(row));
    assert.deepEqual(
      states.map((row) => [row.partition, row.committedOffset, row.memberId]).sort(),
      [
        [3, 7n, null],
        [4, null, "m-1"],
      ],
      "a partition without a member and without a commit is left out",
    );
  });
});
