import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import type { ReportedFinding } from "#lib/domain/health/finding.ts";
import { startGroupWorld, type GroupWorld } from "#e2e/stack/group-world.ts";
import { closeGoneGroups, readOpenIncidents, writeIncidentChanges, type IncidentChangeRow } from "./incidents-write.ts";
import { writeGroupEvaluations, writePartitionEvaluations, type GroupEvaluation } from "./evaluations-write.ts";
import { readReportedGroups, readPartitionStates, type PartitionStateRow } from "./states-read.ts";

const CLUSTER = 1;
const AT = Date.UTC(2026, 10, 21, 2, 41);
const finding: ReportedFinding = {
  cause: "poison_event",
  sinceMs: AT - 60_000,
  sentence: "orders[3] does not get past offset 7",
  at: { topic: "orders", partition: 3, offset: "7" },
  facts: [{ label: "a", value: "b\0\ud800" }],
  data: {},
};
const change = (groupId: number, over: Partial<IncidentChangeRow> = {}): IncidentChangeRow => ({
  groupId,
  incidentId: null,
  kind: "opened",
  sinceMs: AT - 60_000,
  verdict: "stopped",
  severity: 3,
  reason: { kind: "cause", text: "it stands" },
  finding,
  lagMessages: 10n,
  timeLagMs: 500,
  ...over,
});

describe("evaluations and incidents on a real Postgres", () => {
  let world: GroupWorld;
  let client: pg.Client;
  let groups: readonly number[];
  let orders: number;
  before(async () => {
    world = await startGroupWorld();
    ({ client, groups, orders } = world);
  });
  after(() => world.postgres.stop());
  const first = () => groups[0] ?? 0;
  const changesOf = async (id: number) =>
    (
      await client.query<{ kind: string; verdict: string; cause: string | null }>(
        "SELECT kind, verdict, cause FROM incident_changes WHERE incident_id = $1 ORDER BY id",
        [id],
      )
    ).rows.map((row) => `${row.kind} ${row.verdict} ${row.cause ?? "-"}`);

  it("opens, follows and closes an incident; whoever comes next finds it open", async () => {
    const id = (await writeIncidentChanges(client, CLUSTER, [change(first())], AT)).get(first()) ?? 0;
    assert.deepEqual(await readOpenIncidents(client, CLUSTER), [
      {
        id,
        groupId: first(),
        verdict: "stopped",
        cause: "poison_event",
        severity: 3,
        peakLagMessages: 10n,
        peakTimeLagMs: 500,
      },
    ]);
    await writeIncidentChanges(
      client,
      CLUSTER,
      [change(first(), { incidentId: id, kind: "peak", lagMessages: 90n, timeLagMs: 400 })],
      AT + 1000,
    );
    await writeIncidentChanges(
      client,
      CLUSTER,
      [
        change(first(), {
          incidentId: id,
          kind: "changed",
          verdict: "warning",
          finding: null,
          severity: 1,
          lagMessages: 5n,
        }),
      ],
      AT + 2000,
    );
    assert.deepEqual(
      (await readOpenIncidents(client, CLUSTER)).map((row) => [
        row.verdict,
        row.cause,
        row.peakLagMessages,
        row.peakTimeLagMs,
      ]),
      [["warning", null, 90n, 500]],
    );
    await writeIncidentChanges(
      client,
      CLUSTER,
      [change(first(), { incidentId: id, kind: "closed", verdict: "ok", finding: null, reason: null })],
      AT + 3000,
    );
    assert.deepEqual(await readOpenIncidents(client, CLUSTER), []);
    assert.deepEqual(await changesOf(id), ["opened stopped poison_event", "changed warning -", "closed ok -"]);
    const { rows } = await client.query<{ verdict: string; from: number; to: number }>(
      `
        SELECT verdict, extract(epoch FROM opened_at)::float8 * 1000 AS from,
          extract(epoch FROM closed_at)::float8 * 1000 AS to
        FROM incidents
        WHERE id = $1`,
      [id],
    );
    assert.deepEqual(rows, [{ verdict: "warning", from: AT - 60_000, to: AT + 3000 }], "as it stood at its end");
  });

  it("does not let an incident begin before the last one ended", async () => {
    const id = (await writeIncidentChanges(client, CLUSTER, [change(first())], AT + 10_000)).get(first());
    const { rows } = await client.query<{ ms: number }>(
      "SELECT extract(epoch FROM opened_at)::float8 * 1000 AS ms FROM incidents WHERE id = $1",
      [id],
    );
    assert.equal(rows[0]?.ms, AT + 3000);
  });

  it("opens many at once, and nothing of it when its transaction fails", async () => {
    const [, shipping = 0, emails = 0] = groups;
    await client.query("BEGIN");
    assert.equal((await writeIncidentChanges(client, CLUSTER, [change(shipping), change(emails)], AT)).size, 2);
    await client.query("ROLLBACK");
    assert.deepEqual(
      (await readOpenIncidents(client, CLUSTER)).map((row) => row.groupId),
      [first()],
    );
    const opened = await writeIncidentChanges(
      client,
      CLUSTER,
      [change(shipping), change(emails, { finding: null })],
      AT,
    );
    assert.deepEqual([...opened.keys()].sort(), [shipping, emails].sort());
  });

  it("closes what is open of a group that is deleted", async () => {
    const [, shipping = 0] = groups;
    await client.query("UPDATE consumer_groups SET gone_at = now(), cause = 'no_members' WHERE id = $1", [shipping]);
    assert.deepEqual(await closeGoneGroups(client, CLUSTER), [shipping]);
    assert.deepEqual(await closeGoneGroups(client, CLUSTER), []);
    assert.equal(
      (await readOpenIncidents(client, CLUSTER)).some((row) => row.groupId === shipping),
      false,
    );
    assert.equal(
      (await client.query<{ cause: string | null }>("SELECT cause FROM consumer_groups WHERE id = $1", [shipping]))
        .rows[0]?.cause,
      null,
    );
  });

  it("keeps what was reported of a group and its partitions for the next leader", async () => {
    const group: GroupEvaluation = {
      groupId: first(),
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
      [first(), orders],
    );
    await client.query(
      `
        INSERT INTO group_partitions (group_id, destination_id, partition, member_id)
        VALUES ($1, $2, 4, 'm-1'), ($1, $2, 5, NULL)`,
      [first(), orders],
    );
    await writeGroupEvaluations(client, [group]);
    await writePartitionEvaluations(client, [
      {
        groupId: first(),
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
    await readPartitionStates(client, CLUSTER, [first()], (row) => states.push(row));
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
