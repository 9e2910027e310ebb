/**
 * The graph of the example system is the true one: its numbers are those the services counted themselves, and no edge
 * is missing or invented.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FlowGraphView } from "#lib/contracts/flow.ts";
import type { ExampleSystem } from "#lib/demo/example-system.ts";
import type { CountsView } from "#lib/demo/services/kit/counts.ts";
import { openLeash } from "#lib/demo/stack/leash.ts";
import { freePort } from "#lib/demo/stack/ports.ts";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { startBoth, startKafka, startPostgres, temporaryFolder } from "#e2e/stack/stack.ts";
import { isQuiet, openTables } from "./example-graph-tables.ts";

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
      databaseUrl: postgres.url,
      brokers: kafka.brokers,
      logLevel: "warn",
      cluster: { topics: { include: ["*"], exclude: ["__*"] } },
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
      await sleep(500);
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
  /** What every service says it did, when each group has processed all that was published to its topics. */
  async function countsOnceQuiet(): Promise<ReadonlyMap<string, CountsView>> {
    for (const deadline = Date.now() + SETTLE_MS; ; await sleep(200)) {
      const views = await Promise.all(
        Object.values(shop.urls).map(async (url) => (await (await fetch(`${url}/counts`)).json()) as CountsView),
      );
      if (isQuiet(views)) return new Map(views.map((view) => [view.service, view]));
      assert.ok(Date.now() < deadline, "the services have not processed everything");
    }
  }

  const tables = openTables(
    () => truth,
    () => graph,
  );
  const { publishes, consumes, causes, truePublishes, trueConsumes, trueCauses, publishedOf, table, bare } = tables;
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
