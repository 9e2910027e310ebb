/** What the tap reads of a real Kafka: every codec, new topics, dead letters, the commit log. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CompressionTypes } from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { EntityView, type EntityQuery } from "#lib/contracts/entities.ts";
import type { MergeRule } from "#lib/domain/entity/merge-rule.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { getEntity } from "#lib/queries/entities.ts";
import { openDatabase } from "#lib/store/db/database.ts";
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

  it("knows what groups have committed, as the broker's own admin API says it", async () => {
    const consumer = stage.client.consumer({ groupId: "payments", maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: ["orders"], fromBeginning: true });
    const admin = stage.client.admin();
    await admin.connect();
    const committed = async () =>
      (await admin.fetchOffsets({ groupId: "payments", topics: ["orders"] }))
        .flatMap(({ topic, partitions }) =>
          partitions.map(({ partition, offset }) => `${topic} ${partition} ${offset}`),
        )
        .sort();
    await consumer.run({ autoCommitThreshold: 50, eachMessage: () => Promise.resolve() });
    await until(
      "all committed",
      20_000,
      async () => (await committed()).reduce((sum, line) => sum + Number(line.split(" ")[2]), 0) === 250,
    );
    const reported = async () => {
      const { rows } = await stage.pool.query<{ line: string }>(
        `
          SELECT d.name || ' ' || p.partition || ' ' || p.committed_offset AS line
          FROM group_partitions p
          JOIN consumer_groups g ON g.id = p.group_id
          JOIN destinations d ON d.id = p.destination_id
          WHERE g.name = 'payments'`,
      );
      return rows.map(({ line }) => line).sort();
    };
    const expected = await committed();
    await until(
      "the same commits tapped",
      10_000,
      async () => JSON.stringify(await reported()) === JSON.stringify(expected),
    );
    const { rows } = await stage.pool.query<{ source: string; ours: string }>(
      `
        SELECT commit_source AS source,
          (SELECT count(*) FROM consumer_groups WHERE name LIKE 'flowtap%') AS ours
        FROM clusters`,
    );
    assert.deepEqual(rows, [{ source: "tapped", ours: "0" }]);
    await consumer.disconnect();
    await admin.deleteGroups(["payments"]);
    await admin.disconnect();
    await until("a deleted group's commits gone", 10_000, async () => (await reported()).length === 0);
  });

  it("plays the events of one key over its topics, with the state they build and what is missing", async () => {
    await stage.createTopic("carts", 2);
    await stage.createTopic("cart-prices", 1);
    const at = (seconds: number) => String(Date.now() - 60_000 + seconds * 1000);
    const event = (seconds: number, type: string, value: object | null, key = "cart-7") => ({
      key,
      value: value === null ? null : JSON.stringify(value),
      timestamp: at(seconds),
      headers: { ce_id: `${type}-${seconds}`, ce_type: type, ce_source: "/shop/carts", ce_specversion: "1.0" },
    });
    await stage.producer.send({
      topic: "carts",
      messages: [
        event(1, "cart.opened", { items: [], __proto__: null }),
        event(2, "cart.filled", { items: [{ sku: "a" }] }),
        event(2, "cart.filled", { items: [] }, "cart-8"),
        event(5, "cart.left", null),
        event(6, "cart.opened", { items: [], owner: "x" }),
      ],
    });
    await stage.producer.send({
      topic: "cart-prices",
      messages: [
        event(3, "price.set", { total: { amount: 12, currency: "EUR" } }),
        event(4, "price.set", { total: { amount: 9 } }),
      ],
    });
    await until(
      "all 7 records",
      15_000,
      async () => (await countIndex(stage, "carts")) + (await countIndex(stage, "cart-prices")) === 7,
    );

    const database = openDatabase({ url: stage.postgres.url });
    const reader = openBroker(ClusterConfig.parse({ name: "test", brokers: [...stage.kafka.brokers] })).openReader();
    try {
      const queries = { prisma: database.prisma, readerOf: () => reader, rules: NO_RULES, now: Date.now, version: "" };
      const read = async (query: Partial<EntityQuery> = {}, rules: readonly MergeRule[] = []) => {
        const answer = await getEntity(queries, rules, "cart-7", { merge: "auto", limit: 50, ...query });
        assert.ok(answer.ok, answer.ok ? "" : answer.error.message);
        return EntityView.parse(answer.value);
      };
      const reported = ({ steps }: EntityView) =>
        steps.map(
          ({ event: { type }, state, missing }) =>
            `${type} ${JSON.stringify(state)}${missing === null ? "" : ` (${missing})`}`,
        );
      const all = await read();
      assert.deepEqual(reported(all), [
        'cart.opened {"items":[]}',
        'cart.filled {"items":[{"sku":"a"}]}',
        'price.set {"items":[{"sku":"a"}],"total":{"amount":12,"currency":"EUR"}}',
        'price.set {"items":[{"sku":"a"}],"total":{"amount":9,"currency":"EUR"}}',
        "cart.left null",
        'cart.opened {"items":[],"owner":"x"}',
      ]);
      assert.deepEqual(
        [all.topics, all.merge, all.steps[3]?.changes],
        [
          ["carts", "cart-prices"],
          { by: "shape", without: "merge_patch" },
          [{ op: "replace", path: "/total/amount", before: "12", after: "9" }],
        ],
      );
      assert.equal((await read({ topics: "cart-prices" })).merge.without, "snapshot");
      assert.deepEqual(
        reported(
          await read({ limit: 2, event: all.timeline[3]?.id ?? "" }, [
            { topic: "cart-*", type: "price.*", merge: "snapshot" },
          ]),
        ),
        ['price.set {"total":{"amount":12,"currency":"EUR"}}', 'price.set {"total":{"amount":9}}'],
      );
      const sum: MergeRule = {
        topic: "*",
        type: "price.*",
        merge: "reducer",
        reducer: "{ 'sum': (state.sum ? state.sum : 0) + body.total.amount }",
      };
      assert.deepEqual(reported(await read({ topics: "cart-prices" }, [sum])), [
        'price.set {"sum":12}',
        'price.set {"sum":21}',
      ]);

      const admin = stage.client.admin();
      await admin.connect();
      await admin.fetchTopicOffsets("cart-prices"); // kafkajs deletes only from topics that it has looked at
      await admin.deleteTopicRecords({ topic: "cart-prices", partitions: [{ partition: 0, offset: "1" }] });
      await admin.disconnect();
      assert.deepEqual(reported(await read()).slice(2), [
        'price.set {"items":[{"sku":"a"}]} (its body is no longer in the topic)',
        'price.set {"items":[{"sku":"a"}],"total":{"amount":9}} (its body is no longer in the topic)',
        "cart.left null",
        'cart.opened {"items":[],"owner":"x"}',
      ]);
    } finally {
      await reader.close();
      await database.close();
    }
  });

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
