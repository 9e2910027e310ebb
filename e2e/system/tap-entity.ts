/** The events of one key, read from the index and the topics of a real Kafka. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { openBroker } from "#lib/brokers/open.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { EntityView, type EntityQuery } from "#lib/contracts/entities.ts";
import type { MergeRule } from "#lib/domain/entity/merge-rule.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { getEntity } from "#lib/queries/entities.ts";
import { openDatabase } from "#lib/store/db/database.ts";
import { countIndex, until, type TapStage } from "./tap-stage.ts";

export function testEntity(given: () => TapStage): void {
  it("plays the events of one key over its topics, with the state they build and what is missing", async () => {
    const stage = given();
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
}
