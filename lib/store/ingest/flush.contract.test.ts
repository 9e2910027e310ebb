import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { EVENT_FLAG } from "#lib/domain/message/flags.ts";
import { EventRows, type EventRow } from "../db/bulk-rows.ts";
import { deleteExpiredRows, stopDeadTaps, summariseClosedPartitions } from "../housekeeping.ts";
import { inFlush, PositionConflict, writeEvents } from "./flush.ts";
import { registerTopics, type FoundTopic } from "./clusters.ts";
import { insertPositions, readPositions } from "./positions.ts";
import { dropExpiredPartitions, ensurePartitions } from "../db/hourly-partitions.ts";

const HOUR_MS = 3_600_000;
const MAX_INT64 = 2n ** 63n - 1n;
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString("hex"));
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: MAX_INT64 });

/** Values as extreme as a broker can send: any 64-bit time, any text as key. */
const hostileRow: fc.Arbitrary<EventRow> = fc.record({
  occurredAtMs: fc.oneof(
    fc.integer({ min: 0, max: 2_000_000_000_000 }),
    fc.constantFrom(-1, Number(MAX_INT64), -Number(MAX_INT64), 8.64e15),
  ),
  position: fc.bigInt({ min: 0n, max: MAX_INT64 }),
  destinationId: fc.nat(),
  partition: fc.nat(),
  sizeBytes: fc.nat(),
  flags: fc.nat(0xff),
  traceId: orNull(hex(16)),
  conversationId: orNull(hex(16)),
  spanId: orNull(hex(8)),
  parentSpanId: orNull(hex(8)),
  messageRef: orNull(int64),
  causeRef: orNull(int64),
  typeId: orNull(fc.nat()),
  serviceId: orNull(fc.nat()),
  key: orNull(fc.string({ unit: "binary", maxLength: 60 })),
});

describe("the bulk writer on a real Postgres", () => {
  let postgres: MigratedPostgres;
  let pool: pg.Pool;
  let clusterId = 0;
  before(async () => {
    postgres = await startMigratedPostgres();
    ({ pool } = postgres.database);
    await ensurePartitions(pool, new Date());
    const { rows } = await pool.query<{ id: number }>(
      "INSERT INTO clusters (name, system) VALUES ('c', 'kafka') RETURNING id",
    );
    clusterId = rows[0]?.id ?? 0;
    await pool.query("INSERT INTO destinations (cluster_id, name) VALUES ($1, 'orders')", [clusterId]);
  });
  after(() => postgres.stop());

  it("takes a topic's role from the configuration first, then from its name", async () => {
    const found = (
      topic: string,
      declared: FoundTopic["declared"],
      role: FoundTopic["role"] = "event",
    ): FoundTopic => ({
      topic,
      role: declared?.role ?? role,
      declared,
      partitionCount: 1,
      replication: 1,
      tapped: true,
    });
    const registered = async (...topics: readonly FoundTopic[]) => {
      await registerTopics(pool, clusterId, topics, () => Promise.resolve([]));
      const { rows } = await pool.query<{ line: string }>(
        `
          SELECT concat_ws(' ', d.name, d.role, s.name) AS line
          FROM destinations d
          LEFT JOIN destinations s ON s.id = d.source_id
          WHERE d.name LIKE 'told%'
          ORDER BY d.name`,
      );
      return rows.map(({ line }) => line);
    };
    assert.deepEqual(
      await registered(
        found("told-a", null),
        found("told-b", null, "dead_letter"),
        found("told-c", { role: "dead_letter", source: "orders" }),
      ),
      ["told-a event", "told-b dead_letter", "told-c dead_letter orders"],
    );
    assert.deepEqual(
      await registered(
        found("told-a", { role: "retry", source: "orders" }),
        found("told-b", { role: "retry", source: null }),
        found("told-c", { role: "dead_letter", source: "nowhere" }),
      ),
      ["told-a retry orders", "told-b retry", "told-c dead_letter orders"],
    );
    await pool.query("DELETE FROM destinations WHERE name LIKE 'told%'");
  });

  /** Stores the rows as a flush of one partition that moves its position from one offset to another. */
  async function flush(rows: EventRows, destinationId: number, from: bigint, to: bigint): Promise<void> {
    await inFlush(pool, [{ destinationId, partition: 0, from, to }], (open) =>
      writeEvents(open, { rows, batches: [], bucketMs: open.storedAtMs, tapId: 1, publishes: [], throughMs: 0 }),
    );
  }
  async function freshPosition(): Promise<number> {
    const [at] = await readPositions(pool, clusterId, [{ topic: "orders", partition: 0 }]);
    assert.ok(at);
    await pool.query("DELETE FROM tap_positions");
    await insertPositions(pool, [{ destinationId: at.destinationId, partition: 0, next: 0n }]);
    return at.destinationId;
  }
  const stored = async () =>
    (
      await pool.query<Record<string, string | number | null>>(
        "SELECT *, extract(epoch FROM occurred_at) * 1000 AS ms FROM events ORDER BY ctid",
      )
    ).rows;

  it("stores every row as it was, clamps only times, and cuts NUL from keys", async () => {
    const destinationId = await freshPosition();
    await fc.assert(
      fc.asyncProperty(fc.array(hostileRow, { minLength: 1, maxLength: 30 }), async (wanted) => {
        await pool.query("TRUNCATE events; UPDATE tap_positions SET next = 0");
        const rows = new EventRows();
        for (const row of wanted) rows.add(row);
        await flush(rows, destinationId, 0n, 1n);
        const uuid = (text: string | null) => text && text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
        const signed = (text: string | null) => text && String(BigInt.asIntN(64, BigInt(`0x${text}`)));
        for (const [i, got] of (await stored()).entries()) {
          const row = wanted[i];
          assert.ok(row);
          const fits = row.occurredAtMs >= 0 && row.occurredAtMs <= 253_402_300_799_999;
          assert.equal(Number(got["ms"]), fits ? row.occurredAtMs : row.occurredAtMs < 0 ? 0 : 253_402_300_799_999);
          assert.equal(got["flags"], fits ? row.flags : row.flags | EVENT_FLAG.clampedTime);
          assert.equal(got["key"], row.key === null ? null : Buffer.from(row.key.replaceAll("\0", "")).toString());
          assert.deepEqual(
            [got["position"], got["trace_id"], got["conversation_id"], got["span_id"], got["parent_span_id"]],
            [
              String(row.position),
              uuid(row.traceId),
              uuid(row.conversationId),
              signed(row.spanId),
              signed(row.parentSpanId),
            ],
          );
          assert.deepEqual(
            [got["message_ref"], got["cause_ref"]],
            [row.messageRef, row.causeRef].map((ref) => (ref === null ? null : String(ref))),
          );
          assert.deepEqual(
            [got["destination_id"], got["partition"], got["size_bytes"], got["type_id"], got["service_id"]],
            [row.destinationId, row.partition, row.sizeBytes, row.typeId, row.serviceId],
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  it("stores one of two flushes that begin at the same position, and nothing of the other", async () => {
    const destinationId = await freshPosition();
    await pool.query("TRUNCATE events");
    const rowsOf = (position: bigint) => {
      const rows = new EventRows();
      rows.add({
        occurredAtMs: 1,
        position,
        destinationId,
        partition: 0,
        sizeBytes: 1,
        flags: 0,
        traceId: null,
        conversationId: null,
        spanId: null,
        parentSpanId: null,
        messageRef: null,
        causeRef: null,
        typeId: null,
        serviceId: null,
        key: null,
      });
      return rows;
    };
    const outcomes = await Promise.allSettled([
      flush(rowsOf(0n), destinationId, 0n, 1n),
      flush(rowsOf(0n), destinationId, 0n, 1n),
    ]);
    assert.deepEqual(outcomes.map((outcome) => outcome.status).sort(), ["fulfilled", "rejected"]);
    assert.ok(outcomes.some((outcome) => outcome.status === "rejected" && outcome.reason instanceof PositionConflict));
    assert.equal((await stored()).length, 1);
    await assert.rejects(flush(rowsOf(0n), destinationId, 0n, 1n), PositionConflict);
    assert.equal((await readPositions(pool, clusterId, [{ topic: "orders", partition: 0 }]))[0]?.next, 1n);
  });

  it("keeps house: hours past the retention go, what is younger stays", async () => {
    const now = Date.now();
    await ensurePartitions(pool, new Date(now - 10 * HOUR_MS));
    const aged = new Date(now - 8 * HOUR_MS);
    for (const at of [aged, new Date(now)]) {
      await pool.query(
        `
          INSERT INTO publish_rollups (bucket, destination_id, service_id, type_id, tap_id, events, bytes, errors)
          VALUES ($1, 1, 1, 1, 1, 1, 1, 0)`,
        [at],
      );
      await pool.query("INSERT INTO tap_processes (host, pid, version, heartbeat_at) VALUES ('h', 1, '0', $1)", [at]);
    }
    const before = new Date(now - 5 * HOUR_MS);
    const dropped = await dropExpiredPartitions(pool, before);
    assert.ok(
      dropped.length > 0 && dropped.every((name) => /^(events|event_batches|group_commits)_\d{10}$/.test(name)),
      dropped.join(", "),
    );
    const { client } = postgres;
    assert.equal(await deleteExpiredRows(client, before, 1), true, "says that a full batch may have left some");
    assert.equal(await deleteExpiredRows(client, before, 1), false);
    assert.equal((await client.query("SELECT * FROM publish_rollups")).rowCount, 1);
    assert.equal(await stopDeadTaps(client, 120), 1);
    assert.deepEqual(
      (await client.query("SELECT stopped_at IS NULL AS alive FROM tap_processes ORDER BY heartbeat_at")).rows,
      [{ alive: false }, { alive: true }],
    );
    await summariseClosedPartitions(client, [new Date(now).toISOString().slice(0, 13).replaceAll(/[-T]/g, "")]);
    assert.deepEqual(await dropExpiredPartitions(pool, before), []);
    await ensurePartitions(pool, new Date());
  });
});
