/**
 * A small saga on a real broker: what Flowtap concludes is held against what was really done. The tap dies in
 * the middle of it.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { Consumer, IHeaders } from "kafkajs";
import { openTapStage, until, type TapStage } from "./tap-stage.ts";

const FLOWS = 120;

/**
 * Who reads what and publishes what for each event, as services of the usual kind do: same trace, a span of its own.
 */
const SERVICES = [
  {
    name: "payments",
    group: "payments",
    reads: ["orders", "stock"],
    publishes: (from: string, n: number) =>
      from === "orders"
        ? { topic: "payments", type: "payment.taken" }
        : n % 4 === 0
          ? { topic: "payments", type: "payment.refunded" }
          : null,
  },
  {
    name: "inventory",
    group: "inventory-workers",
    reads: ["payments"],
    publishes: (_from: string, n: number, type: string) =>
      type === "payment.taken" ? { topic: "stock", type: n % 4 === 0 ? "stock.out" : "stock.reserved" } : null,
  },
  {
    name: "notifications",
    group: "notifications",
    reads: ["stock"],
    publishes: () => ({ topic: "emails", type: "email.sent" }),
  },
  { name: "analytics", group: "analytics", reads: ["orders", "payments", "stock"], publishes: () => null },
] as const;
const TOPICS = ["orders", "payments", "stock", "emails"];
const QUARTER = FLOWS / 4;
/** topic type → group → topic type, and how often */
const TRUE_CAUSES: Readonly<Record<string, number>> = {
  "orders order.placed → payments → payments payment.taken": FLOWS,
  "payments payment.taken → inventory-workers → stock stock.reserved": FLOWS - QUARTER,
  "payments payment.taken → inventory-workers → stock stock.out": QUARTER,
  "stock stock.out → payments → payments payment.refunded": QUARTER,
  "stock stock.reserved → notifications → emails email.sent": FLOWS - QUARTER,
  "stock stock.out → notifications → emails email.sent": QUARTER,
};
const TRUE_CONSUMPTION: Readonly<Record<string, number>> = {
  "analytics orders": FLOWS,
  "analytics payments": FLOWS + QUARTER,
  "analytics stock": FLOWS,
  "inventory-workers payments": FLOWS + QUARTER,
  "notifications stock": FLOWS,
  "payments orders": FLOWS,
  "payments stock": FLOWS,
};

describe("correlating a saga", () => {
  let stage: TapStage;
  const consumers: Consumer[] = [];
  const published = new Map<string, number>();
  const text = (headers: IHeaders | undefined, name: string) => String(headers?.[name] ?? "");
  const send = async (service: string, topic: string, type: string, trace: string, n: number) => {
    const span = randomBytes(8).toString("hex");
    await stage.producer.send({
      topic,
      messages: [
        {
          key: `order-${n}`,
          value: JSON.stringify({ n, ...(type === "stock.out" && { why: `nothing left for order-${n}` }) }),
          headers: {
            traceparent: `00-${trace}-${span}-01`,
            ce_specversion: "1.0",
            ce_id: `${type}-${n}`,
            ce_type: type,
            ce_source: `/${service}`,
          },
        },
      ],
    });
    published.set(topic, (published.get(topic) ?? 0) + 1);
  };
  const table = async (sql: string): Promise<Record<string, number>> => {
    const { rows } = await stage.pool.query<{ name: string; n: string }>(sql);
    return Object.fromEntries(rows.map((row): [string, number] => [row.name, Number(row.n)]).sort());
  };
  const causes = () =>
    table(`
      SELECT fd.name || ' ' || ft.name || ' → ' || coalesce(g.name, '?') || ' → ' || td.name || ' '
          || tt.name AS name,
        sum(r.events) AS n
      FROM cause_rollups r
      JOIN destinations fd ON fd.id = from_destination_id
      JOIN destinations td ON td.id = to_destination_id
      JOIN event_types ft ON ft.id = from_type_id
      JOIN event_types tt ON tt.id = to_type_id
      LEFT JOIN consumer_groups g ON g.id = r.group_id
      GROUP BY 1`);
  const consumption = () =>
    table(
      `
        SELECT g.name || ' ' || d.name AS name, sum(consumed) AS n
        FROM consume_rollups r
        JOIN consumer_groups g ON g.id = r.group_id
        JOIN destinations d ON d.id = r.destination_id
        GROUP BY 1
        HAVING sum(consumed) > 0`,
    );

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
    for (const service of SERVICES) {
      const consumer = stage.client.consumer({ groupId: service.group, maxWaitTimeInMs: 50 });
      consumers.push(consumer);
      await consumer.connect();
      await consumer.subscribe({ topics: [...service.reads], fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ topic, message }) => {
          const { n } = JSON.parse(message.value?.toString() ?? "{}") as { n: number };
          const next = service.publishes(topic, n, text(message.headers, "ce_type"));
          if (next !== null)
            await send(service.name, next.topic, next.type, text(message.headers, "traceparent").slice(3, 35), n);
        },
      });
    }
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
      await send("orders", "orders", "order.placed", randomBytes(16).toString("hex"), n);
      if (n === FLOWS / 3) tap.kill("SIGKILL");
      if (n === FLOWS / 2) tap = await stage.flowtap.startTap();
    }
    await until("the services are done", 60_000, () =>
      Promise.resolve(published.get("emails") === FLOWS && published.get("payments") === FLOWS + QUARTER),
    );
  });
  after(async () => {
    for (const consumer of consumers) await consumer.disconnect().catch(() => undefined);
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
    const { rows } = await stage.pool.query<Record<string, unknown>>(
      `
        SELECT f.title, f.format, f.group_name AS "group", f.original_destination AS topic, f.status,
          count(*)::int AS events, count(DISTINCT f.trace_id)::int AS traces,
          bool_and(
            f.original_destination_id = d.id
            AND cause.type_id = t.id
            AND cause.trace_id = f.trace_id
            AND cause.key = f.key
          ) AS "isItsCause",
          min(s.name) AS service
        FROM failures f
        LEFT JOIN destinations d ON d.name = 'payments'
        LEFT JOIN event_types t ON t.name = 'payment.taken'
        LEFT JOIN services s ON s.id = f.service_id
        LEFT JOIN events cause ON cause.destination_id = f.original_destination_id
          AND cause.partition = f.original_partition
          AND cause.position = f.original_position
        GROUP BY 1, 2, 3, 4, 5`,
    );
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
    // Analytics never publishes: nobody ever said there is such a service.
    assert.deepEqual(rows, [
      { name: "analytics", service: null },
      { name: "inventory-workers", service: "inventory" },
      { name: "notifications", service: "notifications" },
      { name: "payments", service: "payments" },
    ]);
  });
});
