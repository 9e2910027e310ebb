/**
 * Dead letters as a real Spring Kafka service writes them: recognised, grouped by cause, and sent again until each
 * is seen consumed.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { z } from "zod";
import { FailureGroupView, FailuresView, type FailureGroupRow } from "#lib/contracts/failures.ts";
import { ReplayView } from "#lib/contracts/replays.ts";
import { startJavaApp, whyNoJavaApps, type RunningJavaApp } from "#e2e/stack/java-app.ts";
import { openTapStage, until, type TapStage } from "./tap-stage.ts";
import { orders, traceOf, PAYMENTS, CAUSES } from "./spring-kafka.test-data.ts";

const missing = await whyNoJavaApps();

describe("a Spring Kafka service", { skip: missing ?? false }, () => {
  let stage: TapStage;
  let app: RunningJavaApp;
  let url = "";

  before(async () => {
    stage = await openTapStage();
    app = await startJavaApp("spring-orders", "shop.orders.Main", [stage.kafka.brokers.join(",")]);
    await stage.flowtap.startTap();
    ({ url } = await stage.flowtap.startWeb());
    await stage.producer.send({
      topic: "orders",
      messages: orders.map(({ partition, key, value }, i) => ({
        partition,
        key,
        value,
        headers: { traceparent: traceOf(i), ce_id: `order-${i}`, ce_type: "order.placed", ce_source: "/shop" },
      })),
    });
    await stage.producer.send({
      topic: "payments",
      messages: Array.from({ length: PAYMENTS }, (_, i) => ({
        key: `p${i}`,
        value: `p${i};-${i + 1}`,
        headers: { ce_type: "payment.due" },
      })),
    });
  });
  after(async () => {
    await app?.stop();
    await stage?.close();
  });

  async function get<S extends z.ZodType>(address: string, schema: S): Promise<z.output<S>> {
    const response = await fetch(`${url}${address}`);
    assert.equal(response.status, 200, `${address}: ${await response.clone().text()}`);
    return schema.parse(await response.json());
  }
  const post = async <S extends z.ZodType>(address: string, body: unknown, schema: S): Promise<z.output<S>> => {
    const response = await fetch(`${url}${address}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.ok(response.ok, `${address}: ${await response.clone().text()}`);
    return schema.parse(await response.json());
  };
  const failuresOf = async (group: string): Promise<FailureGroupRow[]> =>
    (await get(`/api/failures?group=${group}`, FailuresView)).items;
  const untilFailed = (group: string, events: number) =>
    until(
      `${events} dead letters of ${group}`,
      60_000,
      async () => (await failuresOf(group)).reduce((sum, row) => sum + row.events, 0) >= events,
    );
  const handled = async (): Promise<{ orders: number; payments: number }> =>
    (await (await fetch(`${app.url}/handled`)).json()) as { orders: number; payments: number };

  it("leaves as many fingerprints as there are causes, with what each event was", async () => {
    await untilFailed("spring-orders", 600);
    const rows = await failuresOf("spring-orders");
    assert.deepEqual(
      rows.map((row) => [row.rootCauseClass, row.events, row.open]).sort(),
      CAUSES.map(({ rootCause, failing }) => [rootCause, failing, failing]).sort(),
    );
    for (const { rootCause, title, wrong, chain } of CAUSES) {
      const row = rows.find((one) => one.rootCauseClass === rootCause);
      assert.ok(row !== undefined);
      assert.match(row.title, title);
      assert.deepEqual(
        [row.format, row.groups, row.topics, row.types, row.services],
        ["spring-kafka", ["spring-orders"], ["orders"], ["order.placed"], ["shop"]],
      );
      const { failures } = await get(`/api/failures/${row.fingerprint}?limit=500`, FailureGroupView);
      // Partition n holds the orders of index 3 * offset + n: each dead letter points at an order that is wrong
      // in this very way.
      for (const deadLetter of failures.items) {
        const index = 3 * Number(deadLetter.originalOffset) + (deadLetter.originalPartition ?? NaN);
        assert.deepEqual(
          [deadLetter.originalTopic, orders[index]?.wrong, deadLetter.key, deadLetter.traceId],
          ["orders", wrong, orders[index]?.key, traceOf(index).split("-")[1]],
        );
        assert.equal(deadLetter.exceptionClass, "org.springframework.kafka.listener.ListenerExecutionFailedException");
        let from = 0;
        for (const link of chain) {
          from = (deadLetter.stack ?? "").indexOf(link, from);
          assert.ok(from >= 0, `${link} in the chain of ${deadLetter.stack?.slice(0, 500)}`);
        }
      }
      assert.equal(
        new Set(failures.items.map((deadLetter) => `${deadLetter.originalPartition}/${deadLetter.originalOffset}`))
          .size,
        failures.items.length,
      );
    }
    assert.equal((await handled()).orders, 300);
  });

  it("counts an event once that was tried again over a retry topic first", async () => {
    await untilFailed("spring-payments", PAYMENTS);
    const rows = await failuresOf("spring-payments");
    assert.deepEqual(
      rows.map((row) => [row.format, row.rootCauseClass, row.events, row.topics, row.types]),
      [["spring-retryable-topic", "java.lang.ArithmeticException", PAYMENTS, ["payments"], ["payment.due"]]],
    );
    const { failures } = await get(`/api/failures/${rows[0]?.fingerprint}?limit=500`, FailureGroupView);
    assert.deepEqual(
      failures.items.map((deadLetter) => Number(deadLetter.originalOffset)).sort((a, b) => a - b),
      Array.from({ length: PAYMENTS }, (_, i) => i),
    );
    assert.deepEqual([...new Set(failures.items.map((deadLetter) => deadLetter.attempt))], [2]);
  });

  it("takes every one of them again once it is fixed, and that is seen", async () => {
    assert.equal((await fetch(`${app.url}/fix`, { method: "POST" })).status, 204);
    const ids: number[] = [];
    for (const { fingerprint } of await failuresOf("spring-orders")) {
      const { row, preview } = await post(
        "/api/replays",
        { kind: "redrive", select: { by: "fingerprint", fingerprint }, ratePerSecond: 1000 },
        ReplayView,
      );
      assert.deepEqual(
        preview.kind === "redrive" &&
          preview.targets.map(({ topic, receivers }) => [topic, receivers.map(({ group }) => group)]),
        [["orders", ["spring-orders"]]],
      );
      await post(`/api/replays/${row.id}/run`, { reason: "the gateway is fixed" }, ReplayView);
      ids.push(row.id);
    }
    const see = async () => Promise.all(ids.map((id) => get(`/api/replays/${id}`, ReplayView)));
    await until("all is verified", 60_000, async () =>
      (await see()).every(
        ({ row, outcomes }) => row.status === "completed" && outcomes.consumed === row.progress.total,
      ),
    );
    const seen = await see();
    assert.deepEqual(
      seen.map(({ row }) => row.progress.sent).sort((a, b) => a - b),
      [100, 200, 300],
    );
    assert.deepEqual(
      seen.map(({ outcomes }) => [outcomes.deadLettered, outcomes.waiting, outcomes.notSent, outcomes.unknown]),
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    );
    assert.equal((await handled()).orders, 900);
    await until("the failures are closed by it", 30_000, async () =>
      (await failuresOf("spring-orders")).every(({ state }) => state === "resolved"),
    );
    assert.equal(
      (await failuresOf("spring-orders")).reduce((sum, row) => sum + row.events, 0),
      600,
      "nothing failed again",
    );
  });
});
