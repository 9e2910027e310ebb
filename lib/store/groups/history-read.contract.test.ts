import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startGroupWorld, type GroupWorld } from "#e2e/stack/group-world.ts";
import { readEmptyStretches } from "../events/empty-stretches-read.ts";
import { readHeads } from "../events/heads-read.ts";
import { readWaitingKeys } from "../events/waiting-keys-read.ts";
import { countMembersAt, readRecentGroupEvents } from "./history-read.ts";
import { writeJumpEvents } from "./history-write.ts";

const CLUSTER = 1;
const AT = Date.UTC(2026, 10, 21, 2, 41);

describe("what happened to groups and what waits at their positions, on a real Postgres", () => {
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

  it("writes a jump once, also when it is found again after a restart", async () => {
    const event = {
      groupId: first(),
      atMs: AT,
      kind: "rewound",
      detail: { topic: "orders", from: "9", to: "2", messages: "7" },
    } as const;
    for (const atMs of [AT, AT, AT + 1000]) await writeJumpEvents(client, [{ ...event, atMs }]);
    const { rows } = await client.query<{ ms: number }>(
      "SELECT extract(epoch FROM at)::float8 * 1000 AS ms FROM group_events WHERE kind = 'rewound' ORDER BY at",
    );
    assert.deepEqual(
      rows.map((row) => row.ms),
      [AT, AT + 1000],
    );
  });

  it("reads what happened to groups, and how many members a classic group had at a moment", async () => {
    const addEvent = (secondsAfter: number, kind: string, detail: object) =>
      client.query(
        "INSERT INTO group_events (group_id, at, kind, detail) VALUES ($1, to_timestamp($2::float8 / 1000), $3, $4)",
        [first(), AT + secondsAfter * 1000, kind, JSON.stringify(detail)],
      );
    await addEvent(10, "rebalance", { generation: 4, members: 1, protocol: "classic", count: 3 });
    await addEvent(20, "left", {
      count: 3,
      members: 0,
      who: [
        { memberId: "m-1", clientId: "a" },
        { memberId: "m-2", clientId: "b" },
      ],
    });
    await addEvent(20, "rebalance", { generation: 5, members: 0, protocol: "classic" });
    await addEvent(30, "rebalance", { generation: 6, members: 2, protocol: "consumer" });
    assert.deepEqual(
      (await readRecentGroupEvents(client, CLUSTER, AT + 5000))
        .get(first())
        ?.map((event) => [event.kind, event.clientId, event.times]),
      [
        ["rebalance", null, 3],
        ["left", "a", 2],
        ["left", "b", 1],
        ["rebalance", null, 1],
        ["rebalance", null, 1],
      ],
    );
    const moments = [5, 15, 25, 40].map((seconds) => ({ groupId: first(), atMs: AT + seconds * 1000 }));
    assert.deepEqual(await countMembersAt(client, moments), [null, 1, 0, 0]);
  });

  it("knows where nothing lies that could be read, and only where it knows all of it", async () => {
    await client.query(
      `
        INSERT INTO event_batches (
          stored_at, destination_id, partition, first_position, last_position, first_occurred_at,
          last_occurred_at, events, xid
        )
        VALUES
          (date_trunc('milliseconds', now()), $1, 0, 50, 99, now(), now(), 50, 1),
          (date_trunc('milliseconds', now()), $1, 1, 50, 99, now(), now(), 50, 1)`,
      [orders],
    );
    await client.query(
      `
        INSERT INTO tap_positions (destination_id, partition, next, stored_at)
        VALUES ($1, 0, 101, now()), ($1, 1, 103, now()), ($1, 2, 103, now())`,
      [orders],
    );
    await client.query(
      `
        INSERT INTO quarantine (destination_id, partition, position, reason, stored_at)
        VALUES ($1, 1, 101, 'broken', now())`,
      [orders],
    );
    const ask = async (partition: number, committed: bigint, upTo: bigint) =>
      (await readEmptyStretches(client, [{ destinationId: orders, partition, committedOffset: committed, upTo }], 1))
        .length;
    assert.equal(await ask(0, 100n, 101n), 1, "a transaction marker at the end");
    assert.equal(await ask(0, 99n, 101n), 0, "an event lies there");
    assert.equal(await ask(0, 100n, 102n), 0, "not read yet");
    assert.equal(await ask(1, 100n, 103n), 0, "a record that could not be read");
    assert.equal(await ask(2, 100n, 103n), 0, "the index knows nothing of what was before");
    assert.deepEqual(
      (
        await readHeads(
          client,
          [
            { destinationId: orders, partition: 0, committedOffset: 60n },
            { destinationId: orders, partition: 0, committedOffset: 100n },
          ],
          1,
        )
      ).map((head) => [head.committedOffset, head.firstPosition]),
      [[60n, 50n]],
    );
  });

  it("reads the keys that wait at a position", async () => {
    await client.query(
      `
        INSERT INTO events (stored_at, occurred_at, position, destination_id, partition, size_bytes, flags, key)
        SELECT b.stored_at, now(), i, $1, 0, 1, 0,
          CASE WHEN i % 10 = 0 THEN 'rare-' || i WHEN i % 10 = 1 THEN NULL ELSE 'whale' END
        FROM event_batches b, generate_series(50, 99) i
        WHERE b.destination_id = $1 AND b.partition = 0`,
      [orders],
    );
    const found = await readWaitingKeys(client, { destinationId: orders, partition: 0, committedOffset: 60n }, 1000);
    assert.equal(found.events, 40);
    assert.deepEqual(found.keys[0], { key: "whale", share: 0.8 });
    assert.equal(
      found.keys.some(({ key }) => key.startsWith("rare")),
      true,
    );
  });
});
