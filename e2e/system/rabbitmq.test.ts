/** Flowtap beside a real RabbitMQ: exchanges as topics, queues as groups, one trace, and nothing lost by a kill. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import amqp, { type ChannelModel, type ConfirmChannel, type ConsumeMessage } from "amqplib";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { startRabbit } from "#e2e/stack/stack.ts";
import { until } from "#lib/brokers/contract/recorded-tap.ts";
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import type { GroupsView } from "#lib/contracts/groups.ts";
import type { TraceView } from "#lib/contracts/traces.ts";
import type { RunningRabbit } from "#lib/demo/stack/rabbitmq.ts";

const WITHIN_MS = 60_000;
const [ORDERS, MORE] = [60, 25];

/** The broker stamps every message: what was published while nothing read it has its time all the same. */
const STAMPS = ["message_interceptors.incoming.set_header_timestamp.overwrite = false"];

const rabbit = await startRabbit({ settings: STAMPS });

describe("a shop on RabbitMQ", { skip: rabbit === null && "RabbitMQ cannot be started on this machine" }, () => {
  const running = rabbit as RunningRabbit;
  let postgres: MigratedPostgres;
  let flowtap: Flowtap;
  let tap: Awaited<ReturnType<Flowtap["startTap"]>>;
  let webUrl = "";
  let shop: ChannelModel;
  let channel: ConfirmChannel;
  const traces: string[] = [];

  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(webUrl + path);
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return (await answer.json()) as T;
  };
  const traceparent = (trace: string) => `00-${trace}-${randomBytes(8).toString("hex")}-01`;

  before(async () => {
    postgres = await startMigratedPostgres();
    const { address, managementUrl, username, password } = running;
    shop = await amqp.connect(address.replace("//", `//${username}:${password}@`), {
      clientProperties: { connection_name: "payments-7f9c" },
    });
    channel = await shop.createConfirmChannel();
    await channel.assertExchange("orders", "topic", { durable: true });
    await channel.assertExchange("payments", "fanout", { durable: true });
    for (const [queue, exchange, key] of [
      ["payments", "orders", "order.*"],
      ["mail", "orders", "order.placed"],
      ["mail", "payments", ""],
      ["ledger", "payments", ""],
    ] as const) {
      await channel.assertQueue(queue, { durable: true });
      await channel.bindQueue(queue, exchange, key);
    }
    flowtap = await prepareFlowtap({
      databaseUrl: postgres.url,
      brokers: [address],
      cluster: { system: "rabbitmq", managementUrl, username, password },
    });
    tap = await flowtap.startTap();
    webUrl = (await flowtap.startWeb()).url;
    await until("both exchanges are tapped", WITHIN_MS, async () => {
      const tapped = await channel.checkQueue("flowtap.tap.payments").catch(() => null);
      return tapped !== null;
    }).catch(async (error: unknown) => assert.fail(`${String(error)}\n${tap.logFile}`));
  });
  after(async () => {
    await shop?.close();
    await flowtap?.stop();
    await postgres?.stop();
    await running.stop();
  });

  /** The service payments takes an order and says so. */
  function takePayment(message: ConsumeMessage): void {
    const trace = String(message.properties.headers?.["traceparent"]).slice(3, 35);
    channel.publish("payments", "", Buffer.from(JSON.stringify({ taken: true })), {
      headers: { traceparent: traceparent(trace) },
      messageId: `payment-of-${String(message.properties.messageId)}`,
      type: "payment.taken",
      appId: "payments",
      contentType: "application/json",
    });
    channel.ack(message);
  }
  async function sendOrders(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const trace = randomBytes(16).toString("hex");
      traces.push(trace);
      channel.publish("orders", "order.placed", Buffer.from(JSON.stringify({ order: traces.length })), {
        headers: { traceparent: traceparent(trace) },
        messageId: `order-${traces.length}`,
        type: "order.placed",
        appId: "orders",
        contentType: "application/json",
      });
    }
    await channel.waitForConfirms();
  }
  const published = async (): Promise<Record<string, number>> => {
    const graph = await get<FlowGraphView>("/api/flow?windowSeconds=3600");
    const edges = graph.edges.filter(({ kind }) => kind === "publish");
    return Object.fromEntries(edges.map(({ from, to, events }) => [`${from} ${to}`, events]));
  };

  it("has every event once, also those that come while the tap is killed", async () => {
    await channel.consume("payments", (message) => message && takePayment(message));
    await sendOrders(ORDERS / 3);
    await until("some are stored", WITHIN_MS, async () => Object.keys(await published()).length === 2);
    tap.kill("SIGKILL");
    await tap.exited;
    await sendOrders(ORDERS / 3);
    tap = await flowtap.startTap();
    await sendOrders(ORDERS / 3);
    const expected = {
      "s:orders t:test/exchange:orders": ORDERS,
      "s:payments t:test/exchange:payments": ORDERS,
    };
    let seen: unknown = null;
    await until("all are stored", WITHIN_MS, async () => {
      seen = await published();
      return JSON.stringify(seen) === JSON.stringify(expected);
    }).catch(() => assert.deepEqual(seen, expected));
  });

  it("shows one flow: who publishes, by which exchanges queues are reached, and what caused what", async () => {
    // What was consumed before this tap has counted the queue for the first time is not known: the broker's own counts
    // are some seconds old.
    await until("the queue is counted", WITHIN_MS, async () => {
      const { rows } = await postgres.client.query(`
        SELECT 1
        FROM group_partitions p
        JOIN consumer_groups g ON g.id = p.group_id
        JOIN tap_processes t ON t.pid = ${tap.pid} AND p.committed_at > t.started_at
        WHERE g.name = 'payments'`);
      return rows.length > 0;
    });
    await sendOrders(MORE);
    const wanted = [
      ["cause t:test/exchange:orders t:test/exchange:payments g:test/payments", ORDERS + MORE, true],
      ["consume t:test/exchange:orders g:test/mail null", 0, false],
      ["consume t:test/exchange:orders g:test/payments null", "all since then", true],
      ["consume t:test/exchange:payments g:test/ledger null", 0, true],
      ["consume t:test/exchange:payments g:test/mail null", 0, false],
    ];
    let seen: unknown = null;
    await until("all is counted", WITHIN_MS, async () => {
      const graph = await get<FlowGraphView>("/api/flow?windowSeconds=3600");
      seen = graph.edges
        .filter(({ kind }) => kind !== "publish")
        .map(({ kind, from, to, via, events, counted }) => {
          const isSince = kind === "consume" && events >= MORE && events <= ORDERS + MORE;
          return [`${kind} ${from} ${to} ${via}`, isSince ? "all since then" : events, counted];
        })
        .sort();
      return JSON.stringify(seen) === JSON.stringify(wanted);
    }).catch(() => assert.deepEqual(seen, wanted));
  });

  it("knows the queues as groups: what waits, who consumes, and that nobody does", async () => {
    await until("the queues are judged", WITHIN_MS, async () => {
      const { items } = await get<GroupsView>("/api/groups");
      const of = (group: string) => items.find((one) => one.group === group);
      return of("mail")?.lagMessages === `${2 * (ORDERS + MORE)}` && of("mail")?.cause?.cause === "no_members";
    });
    const { items } = await get<GroupsView>("/api/groups");
    const rows = items.map(({ group, protocol, state, members, lagMessages }) =>
      [group, protocol, state, members, lagMessages].join(" "),
    );
    assert.deepEqual(rows.sort(), [
      `ledger queue empty 0 ${ORDERS + MORE}`,
      `mail queue empty 0 ${2 * (ORDERS + MORE)}`,
      "payments queue stable 1 0",
    ]);
    const payments = items.find(({ group }) => group === "payments");
    assert.deepEqual([payments?.verdict, payments?.service], ["ok", "payments"]);
  });

  it("shows the trace of an order with both events, and their bodies from the broker", async () => {
    const trace = await get<TraceView>(`/api/traces/${traces[0]}`);
    assert.deepEqual(
      trace.events.map(({ topic, type, service }) => `${topic} ${type} ${service}`),
      ["exchange:orders order.placed orders", "exchange:payments payment.taken payments"],
    );
    const [order] = trace.events;
    assert.ok(order !== undefined);
    const message = await get<unknown>(`/api/messages/test/${encodeURIComponent("exchange:orders")}/0/${order.offset}`);
    assert.match(JSON.stringify(message), /order-1/);
  });
});
