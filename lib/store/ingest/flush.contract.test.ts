import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { hostileRow } from "#e2e/stack/hostile-row.ts";
import fc from "#e2e/stack/property.ts";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { EVENT_FLAG } from "#lib/domain/message/flags.ts";
import { EventRows } from "../db/bulk-rows.ts";
import { inFlush, PositionConflict } from "./flush.ts";
import { destinationIds, insertPositions, readPositions } from "./positions.ts";
import { ensurePartitions } from "../db/hourly-partitions.ts";
import { writeEvents } from "./events-write.ts";

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

  /** Stores the rows as a flush of one partition that moves its position from one offset to another. */
  async function flush(rows: EventRows, destinationId: number, from: bigint, to: bigint): Promise<void> {
    await inFlush(pool, [{ destinationId, partition: 0, from, to, resumeFrom: from, leaderEpoch: 3 }], (open) =>
      writeEvents(open, { rows, batches: [], bucketMs: open.storedAtMs, tapId: 1, publishes: [], throughMs: 0 }),
    );
  }
  async function freshPosition(): Promise<number> {
    const destinationId = (await destinationIds(pool, clusterId, ["orders"])).get("orders");
    assert.ok(destinationId);
    await pool.query("DELETE FROM tap_positions");
    await insertPositions(pool, [{ destinationId, partition: 0, next: 0n }]);
    return destinationId;
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
        producerId: null,
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
    assert.deepEqual(await readPositions(pool, [{ destinationId, partition: 0 }]), [
      { next: 1n, resumeFrom: 0n, leaderEpoch: 3 },
    ]);
  });
});
