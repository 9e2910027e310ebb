/**
 * Where reading begins: as configured on first sight, with a new topic's first record, and behind what retention took.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { countIndex, openTapStage, readIndex, until, type TapStage } from "./tap-stage.ts";

const records = (count: number, timestamp = Date.now()) =>
  Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: "{}", timestamp: String(timestamp) }));

describe("where the tap begins", { timeout: 120_000 }, () => {
  let stage: TapStage;
  let tap: Awaited<ReturnType<TapStage["flowtap"]["startTap"]>>;

  before(
    async () => (stage = await openTapStage({ cluster: { start: "2h", topics: { exclude: ["__*", "private.*"] } } })),
  );
  after(async () => stage.close());

  it("goes back as far as it is told on its first start", async () => {
    await stage.createTopic("orders", 1);
    await stage.producer.send({ topic: "orders", messages: records(30, Date.now() - 3 * 3_600_000) });
    await stage.producer.send({ topic: "orders", messages: records(5, Date.now() - 3_600_000) });
    tap = await stage.flowtap.startTap();
    await until("the five younger records", 20_000, async () => (await countIndex(stage, "orders")) === 5);
    assert.equal((await readIndex(stage, "orders"))[0], "0 30");
  });

  it("reads all of a topic that is made later, whatever its records' age, and nothing of an excluded one", async () => {
    for (const topic of ["later", "private.salaries"]) {
      await stage.createTopic(topic, 1);
      await stage.producer.send({ topic, messages: records(8, Date.now() - 5 * 3_600_000) });
    }
    await until("all eight", 15_000, async () => (await countIndex(stage, "later")) === 8);
    assert.equal(await countIndex(stage, "private.salaries"), 0);
  });

  it("reads partitions that are added to a topic", async () => {
    const admin = stage.client.admin();
    await admin.connect();
    await admin.createPartitions({ topicPartitions: [{ topic: "later", count: 3 }] });
    await admin.disconnect();
    // The stage's producer has seen the topic with one partition only. KafkaJS sends a whole request again when the new
    // leader of one partition refuses its part.
    const producer = stage.client.producer({ allowAutoTopicCreation: false, idempotent: true });
    await producer.connect();
    await producer.send({ topic: "later", messages: [1, 2].map((partition) => ({ partition, value: "{}" })) });
    await producer.disconnect();
    await until("the new partitions' records", 30_000, async () => (await countIndex(stage, "later")) === 10);
    assert.deepEqual((await readIndex(stage, "later")).slice(-2), ["1 0", "2 0"]);
  });

  it("goes on behind what retention took while it was away, and says how much that was", async () => {
    await tap.stop();
    await stage.producer.send({ topic: "orders", messages: records(20) });
    const admin = stage.client.admin();
    await admin.connect();
    // KafkaJS deletes only in topics it has looked at.
    await admin.fetchTopicOffsets("orders");
    await admin.deleteTopicRecords({ topic: "orders", partitions: [{ partition: 0, offset: "47" }] });
    await admin.disconnect();
    tap = await stage.flowtap.startTap();
    await until("the eight records that are left", 30_000, async () => (await countIndex(stage, "orders")) === 5 + 8);
    const metrics = await (await fetch(`${tap.metricsUrl}/metrics`)).text();
    assert.match(metrics, /flowtap_tap_missed_offsets_total\{cluster="test",topic="orders"\} 12\n/);
  });

  it("stops within 5 s, with everything stored and its place given up", async () => {
    await stage.producer.send({ topic: "orders", messages: records(50) });
    await until("the fifty", 15_000, async () => (await countIndex(stage, "orders")) === 63);
    const startedAt = Date.now();
    await tap.stop();
    assert.ok(Date.now() - startedAt < 6000);
    const { rows } = await stage.pool.query<{ stopped: boolean }>(
      "SELECT stopped_at IS NOT NULL AS stopped FROM tap_processes ORDER BY id DESC LIMIT 1",
    );
    assert.deepEqual(rows, [{ stopped: true }]);
  });
});
