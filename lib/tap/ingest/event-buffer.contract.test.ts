import assert from "node:assert/strict";
import { it } from "node:test";
import { startMigratedPostgres } from "#e2e/stack/migrated.ts";
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { inFlush } from "#lib/store/ingest/flush.ts";
import { Names } from "#lib/store/ingest/names.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { KnownProducers } from "../publishers/known-producers.ts";
import { TopicRoles } from "./topic-roles.ts";
import { EventBuffer } from "./event-buffer.ts";
import { BucketSketches } from "./publish-totals.ts";

it("the publisher of a dead letter is the service of the group that failed, and nobody where that is not known", async () => {
  const postgres = await startMigratedPostgres();
  const { pool } = postgres.database;
  try {
    await ensurePartitions(pool, new Date());
    await pool.query("INSERT INTO clusters (name, system) VALUES ('c', 'kafka')");
    await pool.query("INSERT INTO services (name) VALUES ('payments')");
    const rules = { ...NO_RULES, groupServices: [] };
    const buffer = new EventBuffer({
      clusterId: 1,
      tapId: 1,
      names: new Names(pool),
      rules: () => rules,
      producers: new KnownProducers(pool, 1, openLog("test")),
      sketches: new BucketSketches(),
      topicRoles: new TopicRoles(),
    });
    const at = {
      destinationId: 1,
      topic: "orders-dlt",
      partition: 0,
      next: 0n,
      resumeFrom: 0n,
      leaderEpoch: -1,
      endOffset: 3n,
    };
    for (const [i, group] of ["payments", "nobody-knows", null].entries()) {
      const headers = {
        ce_id: `${i}`,
        ce_type: "order.placed",
        ce_source: "/shop/orders",
        ce_specversion: "1.0",
        ...(group !== null && { "kafka_dlt-original-topic": "orders", "kafka_dlt-original-consumer-group": group }),
      };
      const record: LogRecord = {
        offset: BigInt(i),
        timestampMs: Date.now(),
        key: null,
        value: Buffer.from("{}"),
        headers: Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]),
      };
      for (let wait = buffer.add(at, record); wait !== null; wait = buffer.add(at, record)) await wait([record]);
    }
    await inFlush(pool, [], (flush) => buffer.write(flush));
    const { rows } = await pool.query<{ service: string | null }>(
      "SELECT s.name AS service FROM events e LEFT JOIN services s ON s.id = e.service_id ORDER BY position",
    );
    assert.deepEqual(
      rows.map(({ service }) => service),
      ["payments", null, null],
    );
    const names = await pool.query<{ name: string }>("SELECT name FROM services ORDER BY name");
    assert.deepEqual(
      names.rows.map(({ name }) => name),
      ["orders", "payments"],
    );
  } finally {
    await postgres.stop();
  }
});
