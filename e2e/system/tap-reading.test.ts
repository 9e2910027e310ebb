/** What the tap reads of a real Kafka: every codec, new topics, dead letters, the commit log. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CompressionTypes } from "kafkajs";
import { testCommits } from "./tap-commits.ts";
import { testEntity } from "./tap-entity.ts";
import { assertIndexEqualsTopic, countIndex, openTapStage, until, type TapStage } from "./tap-stage.ts";

describe("the tap on a real Kafka", { timeout: 120_000 }, () => {
  let stage: TapStage;

  before(async () => {
    stage = await openTapStage();
    await stage.createTopic("orders", 3);
    await stage.flowtap.startTap();
  });
  after(async () => stage.close());

  it("reads every codec, and what the records say of themselves", async () => {
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    for (const compression of [
      CompressionTypes.None,
      CompressionTypes.GZIP,
      CompressionTypes.Snappy,
      CompressionTypes.LZ4,
      CompressionTypes.ZSTD,
    ]) {
      const messages = Array.from({ length: 50 }, (_, i) => ({
        key: `k${i}`,
        value: "x".repeat(300),
        headers: {
          traceparent: `00-${trace}-00f067aa0ba902b7-01`,
          ce_id: `${compression}-${i}`,
          ce_type: "order.placed",
          ce_source: "/shop/orders",
        },
      }));
      await stage.producer.send({ topic: "orders", compression, messages });
    }
    await assertIndexEqualsTopic(stage, "orders", 20_000);
    const { rows } = await stage.pool.query<{ trace: string; span: string; type: string; service: string; n: string }>(
      `
        SELECT trace_id::text AS trace, span_id AS span, t.name AS type, s.name AS service, count(*) AS n
        FROM events e
        JOIN event_types t ON t.id = e.type_id
        JOIN services s ON s.id = e.service_id
        GROUP BY 1, 2, 3, 4`,
    );
    assert.deepEqual(rows, [
      {
        trace: "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
        span: String(0x00f067aa0ba902b7n),
        type: "order.placed",
        service: "orders",
        n: "250",
      },
    ]);
  });

  it("counts the same in its rollups, and says which positions lie where", async () => {
    const { rows } = await stage.pool.query<{ rolled: string; batched: string; held: string }>(
      `
        SELECT (SELECT sum(events) FROM publish_rollups) AS rolled,
          (SELECT sum(events) FROM event_batches) AS batched, (SELECT count(*) FROM events) AS held`,
    );
    assert.equal(rows[0]?.rolled, rows[0]?.held);
    assert.equal(rows[0]?.batched, rows[0]?.held);
  });

  it("finds a new topic within 10 s and reads it from its first record", async () => {
    await stage.createTopic("shipments", 2);
    await stage.producer.send({
      topic: "shipments",
      messages: Array.from({ length: 20 }, (_, i) => ({ key: `s${i}`, value: "{}" })),
    });
    await until("the new topic's 20 records", 10_000, async () => (await countIndex(stage, "shipments")) === 20);
  });

  it("takes in dead letters with what is known of their failure, and corrects the topic's role", async () => {
    await stage.createTopic("parking", 1);
    await stage.producer.send({
      topic: "parking",
      messages: [
        {
          key: "o-1",
          value: "{}",
          headers: {
            "kafka_dlt-original-topic": "orders",
            "kafka_dlt-original-partition": Buffer.from([0, 0, 0, 2]),
            "kafka_dlt-original-offset": Buffer.from([0, 0, 0, 0, 0, 0, 0, 7]),
            "kafka_dlt-original-consumer-group": "payments",
            "kafka_dlt-exception-fqcn": "org.springframework.kafka.listener.ListenerExecutionFailedException",
            "kafka_dlt-exception-cause-fqcn": "java.lang.IllegalStateException",
            "kafka_dlt-exception-message": "card declined\u0000 by issuer",
          },
        },
      ],
    });
    await until(
      "the dead letter",
      15_000,
      async () => (await stage.pool.query("SELECT 1 FROM failures")).rowCount === 1,
    );
    const { rows } = await stage.pool.query<Record<string, unknown>>(
      `
        SELECT f.format, f.original_destination AS topic, f.original_partition AS partition,
          f.original_position AS position, f.group_name AS "group", d.role, o.name AS source
        FROM failures f
        JOIN destinations d ON d.id = f.destination_id
        JOIN destinations o ON o.id = f.original_destination_id AND o.id = d.source_id`,
    );
    assert.deepEqual(rows, [
      {
        format: "spring-kafka",
        topic: "orders",
        partition: 2,
        position: "7",
        group: "payments",
        role: "dead_letter",
        source: "orders",
      },
    ]);
  });

  testCommits(() => stage);
  testEntity(() => stage);

  it("accounts for every record it received", async () => {
    await until("the heartbeat's counters", 6000, async () => {
      const { rows } = await stage.pool.query<{ counters: Record<string, number> }>(
        "SELECT counters FROM tap_processes",
      );
      const counters = rows[0]?.counters ?? {};
      assert.equal(
        counters["received"],
        (counters["stored"] ?? 0) + (counters["duplicates"] ?? 0) + (counters["quarantined"] ?? 0),
      );
      return counters["stored"] === 278 && counters["behind"] === 0;
    });
  });
});
