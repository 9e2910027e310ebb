import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { addTraces, type TraceTotal } from "#lib/store/correlation/traces-write.ts";
import type { Database } from "#lib/store/db/database.ts";
import { listTraces } from "./traces.ts";

const NOW_MS = Date.UTC(2026, 10, 21);
const uuidOf = (n: number) => `00000000-0000-0000-0000-${n.toString(16).padStart(12, "0")}`;
const TYPES = ["order.placed", "payment.taken", "payment.taken", "stock.out"];

describe("traces by event type", () => {
  let postgres: MigratedPostgres;
  let database: Database;
  let client: pg.Client;

  before(async () => {
    postgres = await startMigratedPostgres();
    ({ database, client } = postgres);
    await client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'test', 'kafka')");
    await client.query("INSERT INTO destinations (id, cluster_id, name) VALUES (1, 1, 'orders')");
    for (const [index, name] of TYPES.entries())
      await client.query("INSERT INTO event_types (id, name, schema_version) VALUES ($1, $2, $3)", [
        index + 1,
        name,
        String(index),
      ]);
  });
  after(() => postgres.stop());

  const total = (trace: number, typeId: number, atMs: number): TraceTotal => ({
    ...{
      traceUuid: uuidOf(trace),
      firstAtMs: atMs,
      lastAtMs: atMs,
      events: 1,
      errors: 0,
      rootTypeId: typeId,
      rootServiceId: null,
      rootDestinationId: 1,
    },
    ...{ serviceIds: [], destinationIds: [1], typeIds: [typeId] },
  });
  const found = async (type: string) => {
    const answer = await listTraces(
      { prisma: database.prisma, readerOf: () => null, rules: NO_RULES, now: () => NOW_MS, version: "" },
      { type, limit: 50 },
    );
    assert.ok(answer.ok);
    return answer.value.items.map((trace) => Number.parseInt(trace.traceId, 16));
  };

  it("finds a trace by the type of any of its events, in any version", async () => {
    await addTraces(client, [total(1, 1, NOW_MS - 5000), total(2, 1, NOW_MS - 4000)]);
    await addTraces(client, [total(1, 2, NOW_MS - 3000), total(2, 4, NOW_MS - 2000)]);
    await addTraces(client, [total(3, 3, NOW_MS - 1000)]);
    assert.deepEqual(await found("order.placed"), [2, 1]);
    assert.deepEqual(await found("payment.taken"), [3, 1]);
    assert.deepEqual(await found("stock.out"), [2]);
    assert.deepEqual(await found("never.seen"), []);
  });

  it("finds a trace without recorded types by the type of its first event", async () => {
    await addTraces(client, [total(4, 4, NOW_MS - 500)]);
    await client.query("UPDATE traces SET type_ids = NULL WHERE trace_id = $1", [uuidOf(4)]);
    assert.deepEqual(await found("stock.out"), [4, 2]);
    await addTraces(client, [total(4, 2, NOW_MS - 400)]);
    assert.deepEqual(await found("stock.out"), [4, 2]);
    assert.deepEqual(await found("payment.taken"), [4, 3, 1]);
  });
});
