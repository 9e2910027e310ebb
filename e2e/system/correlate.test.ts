/**
 * A small saga on a real broker: what Flowtap concludes is held against what was really done. The tap dies in
 * the middle of it.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { openCounts } from "./correlate-counts.ts";
import { FLOWS, QUARTER, SERVICES, TOPICS, TRUE_CAUSES, TRUE_CONSUMPTION } from "./correlate-saga.ts";
import { startServices, type RunningServices } from "./correlate-services.ts";
import { openTapStage, until, type TapStage } from "./tap-stage.ts";

describe("correlating a saga", () => {
  let stage: TapStage;
  let services: RunningServices;
  const { table, causes, consumption, failures } = openCounts(() => stage.pool);

  before(async () => {
    stage = await openTapStage({
      config: {
        lag: { pollSeconds: 1 },
        observe: { errorEvents: [{ topic: "st*", type: "*.out", messageJsonPath: "$.why" }] },
      },
    });
    for (const topic of TOPICS)
      await until(`the topic ${topic} is there`, 30_000, () => stage.createTopic(topic, 2).then(() => true));
    let tap = await stage.flowtap.startTap();
    services = await startServices(stage);
    // Who reads what is known before anything flows, as in a system that runs already.
    await until(
      "the groups' members are seen",
      60_000,
      async () =>
        Number(
          (await stage.pool.query<{ n: string }>("SELECT count(DISTINCT group_id) AS n FROM group_members")).rows[0]?.n,
        ) === SERVICES.length,
    );
    for (let n = 0; n < FLOWS; n++) {
      await services.send("orders", "orders", "order.placed", randomBytes(16).toString("hex"), n);
      if (n === FLOWS / 3) tap.kill("SIGKILL");
      if (n === FLOWS / 2) tap = await stage.flowtap.startTap();
    }
    await until("the services are done", 60_000, () =>
      Promise.resolve(services.published("emails") === FLOWS && services.published("payments") === FLOWS + QUARTER),
    );
  });
  after(async () => {
    await services?.stop();
    await stage.close();
  });

  it("knows every cause and no other, each counted once", async () => {
    await until(
      "all effects have a cause",
      90_000,
      async () => Object.values(await causes()).reduce((sum, n) => sum + n, 0) >= 3 * FLOWS + QUARTER,
    );
    assert.deepEqual(await causes(), Object.fromEntries(Object.entries(TRUE_CAUSES).sort()));
  });

  it("takes the events that tell of an error as one failure, and knows what failed in which group", async () => {
    const rows = await failures();
    assert.deepEqual(rows, [
      {
        title: "stock.out: nothing left for order-<n>",
        format: "error-event",
        group: "inventory-workers",
        topic: "payments",
        status: "open",
        events: QUARTER,
        traces: QUARTER,
        isItsCause: true,
        service: "inventory",
      },
    ]);
    const errors = (of: string) =>
      table(
        `
          SELECT d.name AS name, sum(r.errors) AS n
          FROM ${of} r
          JOIN destinations d ON d.id = r.destination_id
          GROUP BY 1
          HAVING sum(r.errors) > 0`,
      );
    assert.deepEqual(
      [await errors("publish_rollups"), await errors("consume_rollups")],
      [{ stock: QUARTER }, { payments: QUARTER }],
    );
  });

  it("sums up every flow as one trace", async () => {
    const { rows } = await stage.pool.query<{ traces: string; events: string; roots: string }>(
      `
        SELECT count(*) AS traces, sum(events) AS events, count(*) FILTER (WHERE d.name = 'orders') AS roots
        FROM traces t
        JOIN destinations d ON d.id = t.root_destination`,
    );
    assert.deepEqual(rows[0], { traces: String(FLOWS), events: String(4 * FLOWS + QUARTER), roots: String(FLOWS) });
  });

  it("counts what each group consumed, once, and how long it took", async () => {
    await until(
      "everything is consumed and counted",
      60_000,
      async () =>
        Object.values(await consumption()).reduce((sum, n) => sum + n, 0) >=
        Object.values(TRUE_CONSUMPTION).reduce((sum, n) => sum + n, 0),
    );
    assert.deepEqual(await consumption(), TRUE_CONSUMPTION);
    const { rows } = await stage.pool.query("SELECT 1 FROM consume_rollups WHERE latency IS NOT NULL");
    assert.ok(rows.length > 0);
  });

  it("judges the groups, knows their services and their lag", async () => {
    await until(
      "nothing waits and all is judged",
      30_000,
      async () =>
        Number(
          (
            await stage.pool.query<{ n: string }>(
              `
                SELECT count(*) AS n
                FROM consumer_groups
                WHERE verdict = 'ok' AND lag_messages = 0 AND state = 'stable'`,
            )
          ).rows[0]?.n,
        ) === SERVICES.length,
    );
    const { rows } = await stage.pool.query<{ name: string; service: string | null }>(
      "SELECT g.name, s.name AS service FROM consumer_groups g LEFT JOIN services s ON s.id = g.service_id ORDER BY 1",
    );
    // Analytics never publishes, so no event names it as a service.
    assert.deepEqual(rows, [
      { name: "analytics", service: null },
      { name: "inventory-workers", service: "inventory" },
      { name: "notifications", service: "notifications" },
      { name: "payments", service: "payments" },
    ]);
  });
});
