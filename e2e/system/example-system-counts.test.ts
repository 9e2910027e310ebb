/**
 * The graph of the example system is the true one: its numbers are those the services counted themselves, and no edge
 * is missing or invented.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FlowEdge, FlowGraphView } from "#lib/contracts/flow.ts";
import type { ExampleSystem } from "#lib/demo/example-system.ts";
import type { CountsView } from "#lib/demo/services/kit/counts.ts";
import { openLeash } from "#lib/demo/stack/leash.ts";
import { freePort } from "#lib/demo/stack/ports.ts";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { startBoth, startKafka, startPostgres, temporaryFolder } from "#e2e/stack/stack.ts";

/** service → the topics it publishes to */
const PUBLISHES: Readonly<Record<string, readonly string[]>> = {
  customer: ["customer.events"],
  orders: ["orders"],
  payments: ["payments", "orders-dlt"],
  inventory: ["inventory"],
  shipping: ["shipping"],
  notifications: ["notifications"],
};
/** group → the topics it reads */
const READS: Readonly<Record<string, readonly string[]>> = {
  orders: ["payments", "inventory", "shipping"],
  payments: ["orders", "inventory"],
  inventory: ["payments"],
  shipping: ["inventory"],
  notifications: ["orders", "shipping"],
  analytics: ["orders", "payments", "customer.events"],
  olf: ["customer.events", "orders", "payments", "inventory", "shipping", "notifications"],
};
/** What an event of one topic made a group publish to another: from, group, to, and the types that tell how often. */
const CAUSES: readonly (readonly [
  from: string,
  group: string,
  to: string,
  counted: readonly [topic: string, type: string][],
])[] = [
  [
    "orders",
    "payments",
    "payments",
    [
      ["payments", "payment.taken"],
      ["payments", "payment.refused"],
    ],
  ],
  ["orders", "payments", "orders-dlt", [["orders-dlt", "order.placed"]]],
  ["inventory", "payments", "payments", [["payments", "payment.refunded"]]],
  [
    "payments",
    "inventory",
    "inventory",
    [
      ["inventory", "stock.reserved"],
      ["inventory", "stock.out"],
    ],
  ],
  ["inventory", "shipping", "shipping", [["shipping", "shipment.dispatched"]]],
  ["payments", "orders", "orders", [["orders", "order.cancelled"]]],
  ["shipping", "orders", "orders", [["orders", "order.confirmed"]]],
  [
    "orders",
    "notifications",
    "notifications",
    [
      ["orders", "order.confirmed"],
      ["orders", "order.cancelled"],
    ],
  ],
  ["shipping", "notifications", "notifications", [["shipping", "shipment.dispatched"]]],
];
const ORDERS = 400;
const AT_ONCE = 20;
const SETTLE_MS = 120_000;

describe("the graph of the example system", () => {
  const leash = openLeash();
  const stops: (() => Promise<unknown>)[] = [() => leash.close()];
  let shop: ExampleSystem;
  let flowtap: Flowtap;
  let webUrl: string;
  let truth: ReadonlyMap<string, CountsView>;
  let graph: FlowGraphView;

  before(async () => {
    const folder = await temporaryFolder("example");
    process.env["FLOWTAP_STATE_DIR"] = folder.dir;
    const { startExampleSystem } = await import("#lib/demo/example-system.ts");
    const [kafka, postgres] = await startBoth(startKafka(), startPostgres());
    stops.unshift(
      () => kafka.stop(),
      () => postgres.stop(),
      () => folder.remove(),
    );
    flowtap = await prepareFlowtap({
      ...{
        databaseUrl: postgres.url,
        brokers: kafka.brokers,
        logLevel: "warn",
        cluster: { topics: { include: ["*"], exclude: ["__*"] } },
      },
      config: {
        observe: {
          groupServices: [
            { group: "olf", service: "olf" },
            { group: "analytics", service: "analytics" },
          ],
        },
      },
    });
    stops.unshift(() => flowtap.stop());
    shop = await startExampleSystem({ leash, brokers: kafka.brokers, takePort: () => freePort(), say: console.error });
    stops.unshift(() => shop.stop());
    await flowtap.startTap();
    webUrl = (await flowtap.startWeb()).url;

    await visit(ORDERS / 2);
    await fault("failing-payments", true);
    await visit(ORDERS / 2);
    await fault("failing-payments", false);
    truth = await countsOnceQuiet();
    // Consumption is shown up to the last bucket that is complete, some ten seconds ago.
    const deadline = Date.now() + SETTLE_MS;
    for (;;) {
      graph = (await (await fetch(`${webUrl}/api/flow?windowSeconds=3600`)).json()) as FlowGraphView;
      if (isDone() || Date.now() > deadline) break;
      await sleep(2000);
    }
  });
  after(async () => {
    for (const stop of stops) await stop();
  });

  const post = async (method: string, url: string, body: unknown) =>
    assert.ok((await fetch(url, { method, body: JSON.stringify(body) })).ok, url);
  const fault = (name: string, on: boolean) => post("POST", `${shop.controlUrl}/faults/${name}`, { on });
  async function visit(orders: number): Promise<void> {
    for (let placed = 0; placed < orders; placed += AT_ONCE) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, i) =>
          post("POST", `${shop.urls["orders"]}/orders`, { customerId: `cust-${placed + i}` }),
        ),
      );
      await post("POST", `${shop.urls["customer"]}/customers`, { given: "Ada" });
      await post("PUT", `${shop.urls["customer"]}/customers/cust-${placed}`, { given: "Grace" });
    }
  }
  /** What every service says it did, when none has anything left to do. */
  async function countsOnceQuiet(): Promise<ReadonlyMap<string, CountsView>> {
    let before = "";
    for (let same = 0; same < 4; ) {
      await sleep(1000);
      const views = await Promise.all(
        Object.values(shop.urls).map(async (url) => (await (await fetch(`${url}/counts`)).json()) as CountsView),
      );
      const text = JSON.stringify(views);
      same = text === before ? same + 1 : 0;
      before = text;
    }
    return new Map((JSON.parse(before) as CountsView[]).map((view) => [view.service, view]));
  }

  const sum = (counts: Readonly<Record<string, number>> | undefined) =>
    Object.values(counts ?? {}).reduce((total, n) => total + n, 0);
  const publishedOf = (topic: string, type: string) =>
    [...truth.values()].reduce((total, view) => total + (view.published[topic]?.[type] ?? 0), 0);
  const edges = (kind: FlowEdge["kind"], nameOf: (edge: FlowEdge) => string) =>
    Object.fromEntries(
      graph.edges
        .filter((edge) => edge.kind === kind)
        .map((edge): [string, number] => [nameOf(edge), edge.events])
        .sort(),
    );
  const bare = (id: string | null) => (id ?? "?").replace(/^.:(test\/)?/, "");
  const table = (rows: readonly (readonly [string, number])[]) =>
    Object.fromEntries([...rows].sort((a, b) => (a[0] < b[0] ? -1 : 1)));

  const publishes = () => edges("publish", (edge) => `${bare(edge.from)} → ${bare(edge.to)}`);
  const consumes = () => edges("consume", (edge) => `${bare(edge.from)} → ${bare(edge.to)}`);
  const causes = () => edges("cause", (edge) => `${bare(edge.from)} → ${bare(edge.via)} → ${bare(edge.to)}`);
  const truePublishes = () =>
    table(
      Object.entries(PUBLISHES).flatMap(([service, topics]) =>
        topics.map((topic) => [`${service} → ${topic}`, sum(truth.get(service)?.published[topic])] as const),
      ),
    );
  const trueConsumes = () =>
    table(
      Object.entries(READS).flatMap(([group, topics]) =>
        topics.map((topic) => [`${topic} → ${group}`, truth.get(group)?.processed[topic] ?? 0] as const),
      ),
    );
  const trueCauses = () =>
    table(
      CAUSES.map(
        ([from, group, to, counted]) =>
          [
            `${from} → ${group} → ${to}`,
            counted.reduce((total, [topic, type]) => total + publishedOf(topic, type), 0),
          ] as const,
      ),
    );
  const isDone = () =>
    [
      [publishes(), truePublishes()],
      [consumes(), trueConsumes()],
      [causes(), trueCauses()],
    ].every(([seen, counted]) => JSON.stringify(seen) === JSON.stringify(counted));

  it("was made of everything: compensation, cancellation and dead letters", () => {
    for (const [topic, type] of [
      ["orders", "order.cancelled"],
      ["payments", "payment.refunded"],
      ["inventory", "stock.out"],
      ["orders-dlt", "order.placed"],
      ["customer.events", "customer.updated"],
    ] as const)
      assert.ok(publishedOf(topic, type) > 0, type);
    assert.equal(publishedOf("orders", "order.placed"), ORDERS);
  });
  it("has every publish edge, no false one, and the services' own numbers", () =>
    assert.deepEqual(publishes(), truePublishes()));
  it("counts each type of event as its publisher does", () => {
    const seen = graph.edges
      .filter((edge) => edge.kind === "publish")
      .flatMap((edge) =>
        [...Map.groupBy(edge.types, ({ type }) => type)].map(
          ([type, versions]) =>
            [`${bare(edge.to)} ${type}`, versions.reduce((total, { events }) => total + events, 0)] as const,
        ),
      );
    const counted = [...truth.values()].flatMap((view) =>
      Object.entries(view.published).flatMap(([topic, types]) =>
        Object.entries(types).map(([type, n]) => [`${topic} ${type}`, n] as const),
      ),
    );
    assert.deepEqual(table(seen), table(counted));
  });
  it("has every consume edge, no false one, and the services' own numbers", () =>
    assert.deepEqual(consumes(), trueConsumes()));
  it("has the saga's causes, no false one, and as many as there were effects", () => {
    assert.deepEqual(causes(), trueCauses());
    for (const edge of graph.edges.filter(({ kind }) => kind === "cause")) assert.equal(edge.sampledShare, 1, edge.id);
  });
});
