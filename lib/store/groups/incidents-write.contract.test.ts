import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startGroupWorld, type GroupWorld } from "#e2e/stack/group-world.ts";
import { closeGoneGroups } from "./gone-groups-write.ts";
import { writeIncidentChanges } from "./incidents-write.ts";
import { AT, change, CLUSTER } from "./incidents.test-data.ts";
import { readOpenIncidents } from "./open-incidents-read.ts";

describe("incidents on a real Postgres", () => {
  let world: GroupWorld;
  let client: pg.Client;
  let groups: readonly number[];
  before(async () => {
    world = await startGroupWorld();
    ({ client, groups } = world);
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
});
