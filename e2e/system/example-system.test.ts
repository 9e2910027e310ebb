import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel, type IHeaders } from "kafkajs";
import type { ExampleSystem } from "#lib/demo/example-system.ts";
import type { CountsView } from "#lib/demo/services/kit/counts.ts";
import { registerCodecs } from "#lib/demo/services/kit/codecs.ts";
import { openLeash } from "#lib/demo/stack/leash.ts";
import { freePort } from "#lib/demo/stack/ports.ts";
import { startKafka, temporaryFolder } from "#e2e/stack/stack.ts";

const TOPICS = ["customer.events", "orders", "payments", "inventory", "shipping", "notifications", "orders-dlt"];
const TYPES = [
  ...[
    "customer.created",
    "customer.updated",
    "order.placed",
    "order.confirmed",
    "order.cancelled",
    "payment.taken",
    "payment.refused",
    "payment.refunded",
  ],
  ...["stock.reserved", "stock.out", "shipment.dispatched", "notification.sent"],
];
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]$/;

interface Seen {
  readonly topic: string;
  readonly type: string;
  readonly key: string;
  readonly headers: IHeaders;
}

describe("example system", () => {
  const leash = openLeash();
  const seen: Seen[] = [];
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let paymentsLog: string;
  let kafka: Awaited<ReturnType<typeof startKafka>>;
  let client: Kafka;
  let shop: ExampleSystem;
  let reader: ReturnType<Kafka["consumer"]>;

  before(async () => {
    folder = await temporaryFolder("example");
    process.env["FLOWTAP_STATE_DIR"] = folder.dir;
    paymentsLog = path.join(folder.dir, "logs", "payments.log");
    const { startExampleSystem } = await import("#lib/demo/example-system.ts");
    kafka = await startKafka();
    shop = await startExampleSystem({ leash, brokers: kafka.brokers, takePort: () => freePort(), say: console.error });
    registerCodecs();
    client = new Kafka({ clientId: "test", brokers: kafka.brokers, logLevel: logLevel.NOTHING });
    reader = client.consumer({ groupId: "test" });
    await reader.connect();
    await reader.subscribe({ topics: TOPICS, fromBeginning: true });
    await reader.run({
      eachMessage: async ({ topic, message }) =>
        void seen.push({
          topic,
          type: text(message.headers?.["ce_type"]),
          key: message.key?.toString() ?? "",
          headers: message.headers ?? {},
        }),
    });
  });
  after(async () => {
    await reader.disconnect();
    await shop.stop();
    await leash.close();
    await kafka.stop();
    await folder.remove();
  });

  const text = (value: IHeaders[string]) => String(Array.isArray(value) ? value.at(-1) : (value ?? ""));
  const call = async (method: string, url: string, body: unknown) => {
    const response = await fetch(url, { method, body: JSON.stringify(body) });
    assert.ok(response.ok, `${url} answered ${response.status}`);
    return (await response.json()) as Record<string, string>;
  };
  const until = async (what: string, isSo: () => boolean | Promise<boolean>) => {
    const deadline = Date.now() + 90_000;
    while (!(await isSo())) {
      assert.ok(Date.now() < deadline, `not within 90 s: ${what}`);
      await sleep(200);
    }
  };
  const find = (type: string) => {
    const found = seen.find((event) => event.type === type);
    assert.ok(found, type);
    return Object.fromEntries(Object.entries(found.headers).map(([name, value]) => [name, text(value)]));
  };

  it("publishes every type of event, compensation included", async () => {
    await call("POST", `${shop.urls["customer"]}/customers`, { given: "Ada" });
    await call("PUT", `${shop.urls["customer"]}/customers/cust-0001`, { given: "Grace" });
    await until("all types", async () => {
      await Promise.all(
        Array.from({ length: 20 }, () => call("POST", `${shop.urls["orders"]}/orders`, { customerId: "cust-0001" })),
      );
      return TYPES.every((type) => seen.some((event) => event.type === type));
    });
  });

  it("propagates as in life: W3C, B3 and a bare correlation id; only orders and payments tell causes", () => {
    const placed = find("order.placed");
    assert.match(placed["traceparent"] ?? "", TRACEPARENT);
    const taken = find("payment.taken");
    assert.match(taken["traceparent"] ?? "", TRACEPARENT);
    assert.ok(taken["ce_causationid"]);
    const reserved = find("stock.reserved");
    assert.match(reserved["x-b3-traceid"] ?? "", /^[0-9a-f]{32}$/);
    assert.match(reserved["x-b3-parentspanid"] ?? "", /^[0-9a-f]{16}$/);
    assert.equal(reserved["traceparent"], undefined);
    assert.equal(reserved["ce_causationid"], undefined);
    const dispatched = find("shipment.dispatched");
    assert.equal(dispatched["traceparent"] ?? dispatched["x-b3-traceid"], undefined);
    assert.match(dispatched["correlation-id"] ?? "", /^ord-/);
    assert.match(
      find("customer.updated")["ce_dataschema"] ?? "",
      /^https:\/\/schemas\.example\/customer\.updated\/[12]$/,
    );
  });

  it("keeps one trace from the order to the stock, and the payment as its parent", () => {
    const reserved = seen.find((event) => event.type === "stock.reserved");
    const paid = seen.find((event) => event.type === "payment.taken" && event.key === reserved?.key);
    const [, traceId, spanId] = text(paid?.headers["traceparent"]).split("-");
    assert.equal(text(reserved?.headers["x-b3-traceid"]), traceId);
    assert.equal(text(reserved?.headers["x-b3-parentspanid"]), spanId);
  });

  it("dead-letters as Spring does: numbers big-endian, a root cause, the group", async () => {
    await call("POST", `${shop.controlUrl}/faults/failing-payments`, { on: true });
    await until("a dead letter", async () => {
      await Promise.all(Array.from({ length: 10 }, () => call("POST", `${shop.urls["orders"]}/orders`, {})));
      return seen.some((event) => event.topic === "orders-dlt");
    });
    await call("POST", `${shop.controlUrl}/faults/failing-payments`, { on: false });
    const dead = seen.find((event) => event.topic === "orders-dlt");
    const bytes = (name: string) => [dead?.headers[`kafka_dlt-${name}`]].flat()[0] as Buffer;
    assert.equal(bytes("original-partition").length, 4);
    assert.equal(bytes("original-offset").length, 8);
    assert.ok(Math.abs(Number(bytes("original-timestamp").readBigInt64BE()) - Date.now()) < 600_000);
    assert.equal(bytes("original-consumer-group").toString(), "payments");
    assert.match(
      bytes("exception-stacktrace").toString(),
      new RegExp(`Caused by: ${bytes("exception-cause-fqcn").toString().replaceAll(".", "\\.")}`),
    );
  });

  it("keeps a poison event at the head of its partition while the others go on, until it is mended", async () => {
    const admin = client.admin();
    await admin.connect();
    /** the partitions of which payments has not committed the end */
    const behind = async () => {
      const [ends, [committed]] = [
        await admin.fetchTopicOffsets("orders"),
        await admin.fetchOffsets({ groupId: "payments", topics: ["orders"] }),
      ];
      return ends.flatMap((end) => {
        const offset = committed?.partitions.find(({ partition }) => partition === end.partition)?.offset;
        return offset === end.high ? [] : [{ partition: end.partition, offset }];
      });
    };
    /** what payments tried and will try again, as `orders[partition]@offset` */
    const attempts = async () =>
      [...(await readFile(paymentsLog, "utf8")).matchAll(/(orders\[\d+\]@\d+): .*; trying again/g)].map(([, at]) => at);
    await until("payments caught up", async () => (await behind()).length === 0);
    await call("POST", `${shop.controlUrl}/faults/poison`, { on: true });
    await until("the poison event tried", async () => (await attempts()).length > 0);
    const tried = (await attempts()).length;
    await Promise.all(
      Array.from({ length: 20 }, () => call("POST", `${shop.urls["orders"]}/orders`, { customerId: "cust-0001" })),
    );
    await until("the poison event tried again", async () => (await attempts()).length > tried + 1);
    let left = await behind();
    await until("the others caught up", async () => (left = await behind()).length === 1);
    assert.deepEqual(
      [...new Set(await attempts())],
      left.map(({ partition, offset }) => `orders[${partition}]@${offset}`),
    );
    await call("POST", `${shop.controlUrl}/faults/poison`, { on: false });
    await until("payments caught up again", async () => (await behind()).length === 0);
    await admin.disconnect();
  });

  it("counts what it published exactly as the topics have it", async () => {
    const admin = client.admin();
    await admin.connect();
    const counts = async () =>
      Promise.all(
        Object.values(shop.urls).map(async (url) => (await (await fetch(`${url}/counts`)).json()) as CountsView),
      );
    const publishedOf = (views: CountsView[], topic: string) =>
      views.flatMap(({ published }) => Object.values(published[topic] ?? {})).reduce((sum, events) => sum + events, 0);
    const differences = async () => {
      const views = await counts();
      const rows = await Promise.all(
        TOPICS.map(async (topic) => ({
          topic,
          published: publishedOf(views, topic),
          stored: (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0),
        })),
      );
      return rows.filter(({ published, stored }) => published !== stored);
    };
    // The last sagas may be under way still.
    await until("quiet and equal", async () => (await differences()).length === 0);
    await admin.disconnect();
  });

  it("brings statistics to OLF", async () => {
    const statistics = (await (await fetch(`${shop.urls["olf"]}/stats`)).json()) as {
      orders: { placed: number; confirmed: number };
      events: Record<string, object>;
    };
    assert.ok(statistics.orders.confirmed > 0 && statistics.orders.placed >= statistics.orders.confirmed);
    assert.deepEqual(Object.keys(statistics.events).sort(), TOPICS.filter((topic) => topic !== "orders-dlt").sort());
  });
});
