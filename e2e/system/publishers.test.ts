/**
 * Who publishes, without a line of configuration and without a record that names its service: an order saga on a real
 * broker, held against what was really done.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openRandom } from "#e2e/stack/seed.ts";
import { EVENTS, ORDERS, SAGA, TRUE_EDGES } from "./publishers-saga.ts";
import { startSaga, type RunningSaga } from "./publishers-services.ts";
import { openTapStage, until, type TapStage } from "./tap-stage.ts";

const TOPICS = ["orders", "payments", "inventory", "shipping"];
const EXACT = "exact.";
const PLAIN = "plain.";

let stage: TapStage;
const sagas = new Map<string, RunningSaga>();

/** The cause edges of one saga that Flowtap found, as `TRUE_EDGES` has them. */
async function edgesOf(prefix: string): Promise<Record<string, number>> {
  const { rows } = await stage.pool.query<{ name: string; n: string }>(
    `
      SELECT ft.name || ' → ' || coalesce(replace(g.name, $1, ''), '?') || ' → ' || tt.name AS name, sum(r.events) AS n
      FROM cause_rollups r
      JOIN destinations fd ON fd.id = from_destination_id
      JOIN event_types ft ON ft.id = from_type_id
      JOIN event_types tt ON tt.id = to_type_id
      LEFT JOIN consumer_groups g ON g.id = r.group_id
      WHERE starts_with(fd.name, $1)
      GROUP BY 1`,
    [prefix],
  );
  return Object.fromEntries(rows.map((row): [string, number] => [row.name, Number(row.n)]).sort());
}

async function isCorrelated(): Promise<boolean> {
  const { rows } = await stage.pool.query<{ waiting: boolean; events: string }>(
    `
      SELECT (SELECT max(xid) FROM event_batches) >= (SELECT (value->>'xid')::bigint FROM cursors WHERE name = 'causes')
          AS waiting,
        (SELECT count(*) FROM events) AS events`,
  );
  return rows[0]?.waiting === false && Number(rows[0].events) >= 2 * EVENTS;
}

function held(prefix: string, edges: Readonly<Record<string, number>>) {
  const found = Object.keys(TRUE_EDGES).filter((edge) => (edges[edge] ?? 0) > 0);
  const wrong = Object.entries(edges).filter(([edge, n]) => n > (TRUE_EDGES[edge] ?? 0));
  const events = found.reduce((sum, edge) => sum + (edges[edge] ?? 0), 0);
  console.log(`${prefix} ${found.length} of 12 edges, ${events} of ${EVENTS - ORDERS} causes, wrong: ${wrong.length}`);
  return { found, wrong };
}

/** The services that producers are known by. */
async function namedProducers(): Promise<string[]> {
  const { rows } = await stage.pool.query<{ name: string }>(
    "SELECT DISTINCT s.name FROM producers p JOIN services s ON s.id = p.service_id WHERE NOT p.service_conflict",
  );
  return rows.map(({ name }) => name);
}

/** Processes that write to a few topics, each by an idempotent producer of its own. */
async function openWriters(n: number) {
  const producers = Array.from({ length: n }, () =>
    stage.client.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false }),
  );
  await Promise.all(producers.map((producer) => producer.connect()));
  return {
    send: async (by: number, topic: string, source: string | null) => {
      const headers = { ce_type: "noted", ...(source !== null && { ce_source: source }) };
      await producers[by]?.send({ topic, messages: [{ value: "1", headers }] });
    },
    /** of the first events of a topic, once so many are stored */
    servicesOf: async (topic: string, events: number): Promise<(string | null)[]> => {
      const read = async () => {
        const { rows } = await stage.pool.query<{ name: string | null }>(
          `
            SELECT s.name
            FROM events e
            JOIN destinations d ON d.id = e.destination_id
            LEFT JOIN services s ON s.id = e.service_id
            WHERE d.name = $1
            ORDER BY e.position`,
          [topic],
        );
        return rows.map(({ name }) => name);
      };
      await until(`${events} events of ${topic}`, 20_000, async () => (await read()).length >= events);
      return read();
    },
    stop: async () => void (await Promise.all(producers.map((producer) => producer.disconnect()))),
  };
}

describe("who publishes", () => {
  before(async () => {
    stage = await openTapStage({ config: { lag: { pollSeconds: 1 } } });
    for (const prefix of [EXACT, PLAIN]) for (const topic of TOPICS) await stage.createTopic(prefix + topic, 2);
    for (const topic of ["named", "other", "third", "taken"]) await stage.createTopic(topic, 1);
    await stage.flowtap.startTap();
    for (const prefix of [EXACT, PLAIN]) {
      const random = openRandom(prefix, console.log);
      sagas.set(prefix, await startSaga(stage.client, { prefix, inTransactions: prefix === EXACT, random }));
    }
    await until("the groups' members are seen", 60_000, async () => {
      const { rows } = await stage.pool.query<{ n: string }>("SELECT count(DISTINCT group_id) AS n FROM group_members");
      return Number(rows[0]?.n) === 2 * SAGA.length;
    });
    await Promise.all([...sagas.values()].map((saga) => saga.createOrders()));
    await until("both sagas are over", 240_000, () =>
      Promise.resolve([...sagas.values()].every(({ published, fault }) => fault !== null || published >= EVENTS)),
    );
    for (const { fault } of sagas.values()) assert.equal(fault, null);
    await until("everything is correlated", 60_000, isCorrelated);
  });
  after(async () => {
    for (const saga of sagas.values()) await saga.stop();
    await stage.close();
  });

  it("finds the causes of a saga whose services commit their offsets in transactions, and none that is false", async () => {
    const { found, wrong } = held(EXACT, await edgesOf(EXACT));
    assert.deepEqual(wrong, []);
    assert.ok(found.length >= 10, found.join("\n"));
  });

  it("finds none that is false where services are idempotent only", async () => {
    const { wrong } = held(PLAIN, await edgesOf(PLAIN));
    assert.deepEqual(wrong, []);
  });

  it("names what a producer writes elsewhere by one record that names its service", async () => {
    const { send, servicesOf, stop } = await openWriters(2);
    await send(0, "named", "/billing");
    await until("the producer is named", 20_000, async () => (await namedProducers()).includes("billing"));
    await send(0, "other", null);
    await send(1, "other", null);
    assert.deepEqual(await servicesOf("other", 2), ["billing", null]);
    await send(1, "named", "/shop");
    await send(1, "named", "/stock");
    await until("they contradict each other", 20_000, async () => {
      const { rows } = await stage.pool.query("SELECT 1 FROM producers WHERE service_conflict");
      return rows.length === 1;
    });
    await send(1, "third", null);
    assert.deepEqual(await servicesOf("third", 1), [null]);
    assert.deepEqual(await servicesOf("named", 3), ["billing", "shop", "stock"], "records keep what they say");
    await stop();
  });

  it("counts what was taken over, but not above what a record says", async () => {
    const { send, servicesOf, stop } = await openWriters(1);
    await stage.pool.query(
      "INSERT INTO publisher_rules (kind, name, service, created_by) VALUES ($1, $2, $3, 'test')",
      ["topic", "taken", "ledger"],
    );
    await until("it counts", 20_000, async () => {
      await send(0, "taken", null);
      const { rows } = await stage.pool.query("SELECT 1 FROM services WHERE name = 'ledger'");
      return rows.length > 0;
    });
    await send(0, "taken", "/billing");
    await until("both are stored", 20_000, async () => (await servicesOf("taken", 1)).includes("billing"));
    await stop();
  });
});
