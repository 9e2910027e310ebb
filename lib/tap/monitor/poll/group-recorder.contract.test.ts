import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { boundedDestinations, boundedMember, boundedText } from "#lib/brokers/bounded.ts";
import type { GroupInfo, GroupMemberInfo } from "#lib/brokers/ports/inspector.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import { GroupRecorder } from "./group-recorder.ts";

const LONG = "x".repeat(40_000);

describe("GroupRecorder on a real Postgres", () => {
  let postgres: MigratedPostgres;
  before(async () => {
    postgres = await startMigratedPostgres();
    await postgres.client.query("INSERT INTO clusters (name, system) VALUES ('shop', 'kafka')");
    await postgres.client.query("INSERT INTO destinations (cluster_id, name) VALUES (1, 'orders')");
  });
  after(() => postgres.stop());

  it("records what hostile clients call themselves, and the honest groups of the same poll too", async () => {
    const { client } = postgres;
    const infoOf = (
      group: string,
      members: readonly GroupMemberInfo[],
      subscription: readonly string[] = [],
    ): GroupInfo => ({
      group,
      protocol: "consumer",
      state: "stable",
      coordinator: boundedText("broker\0:9092"),
      generation: null,
      members: members.map(boundedMember),
      subscription: boundedDestinations(subscription),
      fault: null,
    });
    const member = (text: string, topic: string) => ({
      memberId: text,
      clientId: text,
      host: text,
      assignment: [{ topic, partition: 0 }],
      targetAssignment: null,
      epoch: 1,
    });
    const polls = [
      [],
      [
        member("a\0b", "or\0ders"),
        member(`${LONG}1`, "orders"),
        member(`${LONG}2`, LONG),
        member(`${"x".repeat(299)}😀`, "orders"),
      ],
      [member("\ud800", "orders")],
    ];
    const recorder = new GroupRecorder(client, 1, { producers: [], groupServices: [] });
    for (const [i, members] of polls.entries()) {
      await recorder.catchUp();
      const infos = [
        infoOf("hostile", members, ["or\0ders", LONG]),
        infoOf("payments", [member(`honest-${i}`, "orders")]),
      ];
      await inTransaction(client, () =>
        recorder.write(infos, () => true, false, new Map([["orders", 1]]), 1_800_000_000_000 + i),
      );
      const { rows } = await client.query<{ members: number }>(
        `
          SELECT count(*)::int AS members
          FROM group_members m
          JOIN consumer_groups g ON g.id = m.group_id
          WHERE g.name = 'hostile'`,
      );
      assert.equal(rows[0]?.members, members.length);
    }
    const honest = await client.query<{ client_id: string }>(
      "SELECT m.client_id FROM group_members m JOIN consumer_groups g ON g.id = m.group_id WHERE g.name = 'payments'",
    );
    assert.deepEqual(honest.rows, [{ client_id: "honest-2" }]);
    assert.equal(
      (
        await client.query(
          `
            SELECT 1
            FROM member_sessions
            WHERE length(member_id) > 300 OR length(client_id) > 300 OR length(host) > 300`,
        )
      ).rowCount,
      0,
    );
    assert.ok(((await client.query("SELECT 1 FROM group_events WHERE kind IN ('joined', 'left')")).rowCount ?? 0) >= 4);
  });
});
