/**
 * Flowtap on a secured broker: every login and certificate that its configuration knows, the least rights it needs, and
 * the reason it gives when it is refused.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { Consumer, Producer } from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import { describeFaults, readConfig } from "#lib/config/read-config.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { FlowQuery } from "#lib/contracts/flow.ts";
import { GroupQuery } from "#lib/contracts/groups.ts";
import type { RunningPostgres } from "#lib/demo/stack/postgres.ts";
import { getFlowGraph } from "#lib/queries/flow.ts";
import { getGroup } from "#lib/queries/group.ts";
import { getMessage } from "#lib/queries/messages.ts";
import { getStatus } from "#lib/queries/status.ts";
import { openDatabase, type Database } from "#lib/store/db/database.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { startPostgres } from "#e2e/stack/stack.ts";
import {
  clustersOf,
  CONFINED_RIGHTS,
  DENIED_RIGHTS,
  POLLED,
  REFUSED,
  REPLAY_RIGHTS,
  TAP_RIGHTS,
  TAPPED,
} from "./secured-clusters.ts";
import { createTopics } from "./create-topics.ts";
import { openSecuredBroker, type SecuredBroker } from "./secured-stage.ts";
import { PASSWORD } from "./secured-users.ts";
import { until } from "./tap-stage.ts";

const EVENTS = 20;

describe("a secured Kafka", { timeout: 280_000 }, () => {
  let broker: SecuredBroker;
  let postgres: RunningPostgres;
  let flowtap: Flowtap;
  let tap: Awaited<ReturnType<Flowtap["startTap"]>>;
  let database: Database;
  let clusters: Map<string, ClusterConfig>;
  let producer: Producer;
  let payments: Consumer;
  const readers = new Map<string, Reader>();
  const log = openLog("test");
  log.level = "silent";

  const queries = () => ({
    prisma: database.prisma,
    readerOf: (name: string) => readers.get(name) ?? null,
    rules,
    now: Date.now,
    version: "test",
  });
  let rules: ReturnType<typeof configOf>["observe"];
  const send = (from: number, count: number) =>
    producer.send({
      topic: "orders",
      messages: Array.from({ length: count }, (_, i) => ({
        partition: (from + i) % 2,
        key: `k${from + i}`,
        value: JSON.stringify({ order: from + i }),
        headers: { ce_id: `e-${from + i}`, ce_type: "order.placed", ce_source: "/orders" },
      })),
    });
  const statusOf = async (name: string) => {
    const status = await getStatus(queries());
    return status.ok ? status.value.clusters.find((cluster) => cluster.name === name) : undefined;
  };

  function configOf(configFile: string, databaseUrl: string) {
    const config = readConfig({
      FLOWTAP_CONFIG: configFile,
      DATABASE_URL: databaseUrl,
      KAFKA_PASSWORD: PASSWORD,
      CLIENT_SECRET: broker.oauthSecret,
    });
    assert.ok(config.ok, config.ok ? "" : describeFaults(config.error));
    return config.value;
  }

  before(async () => {
    [broker, postgres] = await Promise.all([openSecuredBroker(["flowtap", "denied", "confined"]), startPostgres()]);
    await Promise.all([
      broker.allow("flowtap", [...TAP_RIGHTS, ...REPLAY_RIGHTS]),
      broker.allow("denied", DENIED_RIGHTS),
      broker.allow("confined", CONFINED_RIGHTS),
    ]);
    const admin = broker.client.admin();
    await admin.connect();
    await createTopics(admin, [
      { topic: "orders", numPartitions: 2, configEntries: [{ name: "retention.ms", value: "3600000" }] },
      { topic: "secrets", numPartitions: 1 },
    ]);
    await admin.setOffsets({ groupId: "idle", topic: "orders", partitions: [{ partition: 0, offset: "3" }] });
    await admin.disconnect();
    producer = broker.client.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    payments = broker.client.consumer({ groupId: "payments" });
    await payments.connect();
    await payments.subscribe({ topic: "orders", fromBeginning: true });
    await payments.run({ autoCommitThreshold: 1, eachMessage: () => Promise.resolve() });
    flowtap = await prepareFlowtap({
      databaseUrl: postgres.url,
      brokers: [],
      config: { clusters: clustersOf(broker), lag: { pollSeconds: 1 } },
      env: { KAFKA_PASSWORD: PASSWORD, CLIENT_SECRET: broker.oauthSecret },
    });
    const config = configOf(flowtap.configFile, postgres.url);
    rules = config.observe;
    clusters = new Map(config.clusters.map((cluster) => [cluster.name, cluster]));
    for (const name of [...TAPPED, ...POLLED])
      readers.set(name, openBroker(clusters.get(name) as ClusterConfig).openReader());
    database = openDatabase({ url: postgres.url });
    tap = await flowtap.startTap();
    await send(0, EVENTS);
  });
  after(async () => {
    await Promise.allSettled([...readers.values()].map((reader) => reader.close()));
    await Promise.allSettled([database?.close(), producer?.disconnect(), payments?.disconnect(), flowtap?.stop()]);
    await Promise.allSettled([broker?.close(), postgres?.stop()]);
  });

  for (const name of [...TAPPED, ...POLLED]) {
    it(`${name}: the events are stored, the group is seen, a body can be read`, async () => {
      await until(`${EVENTS} events of ${name}`, 60_000, async () => {
        const { rows } = await database.pool.query<{ n: string }>(
          `
            SELECT count(*) AS n
            FROM events e
            JOIN destinations d ON d.id = e.destination_id
            JOIN clusters c ON c.id = d.cluster_id
            WHERE c.name = $1 AND d.name = 'orders'`,
          [name],
        );
        return Number(rows[0]?.n) === EVENTS;
      });
      await until(`the members of payments on ${name}`, 60_000, async () => {
        const group = await getGroup(queries(), { cluster: name, group: "payments", query: GroupQuery.parse({}) });
        return group.ok && group.value.row.members === 1 && group.value.row.verdict === "ok";
      });
      const status = await statusOf(name);
      assert.equal(status?.state, "connected");
      assert.equal(status.reason, null);
      const message = await getMessage(queries(), { cluster: name, topic: "orders", partition: 1, offset: 0n });
      assert.deepEqual(message.ok && JSON.parse(message.value.text), { order: 1 });
    });
  }

  it("tells how commits are seen, and what the rights do not show", async () => {
    const settings = (name: string) =>
      database.prisma.destination.findFirst({
        where: { name: "orders", cluster: { name } },
        select: { retentionMs: true },
      });
    for (const name of TAPPED) {
      await until(`commits of ${name} tapped`, 60_000, async () => (await statusOf(name))?.commitSource === "tapped");
      assert.equal((await settings(name))?.retentionMs, 3_600_000n, name);
    }
    for (const name of POLLED)
      await until(`commits of ${name} polled`, 60_000, async () => (await statusOf(name))?.commitSource === "polled");
    assert.equal(
      await database.prisma.destination.count({ where: { name: "secrets", cluster: { name: "confined" } } }),
      0,
    );
  });

  it("knows consumption and lag, tapped or polled", async () => {
    for (let sent = EVENTS; sent < EVENTS + 10; sent += 2) {
      await send(sent, 2);
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    await until("payments at the end", 30_000, async () => {
      const group = await getGroup(queries(), { cluster: "denied", group: "payments", query: GroupQuery.parse({}) });
      return group.ok && group.value.row.lagMessages === "0";
    });
    await payments.disconnect();
    await send(EVENTS + 10, 7);
    for (const name of ["scram512", ...POLLED]) {
      await until(`the lag of payments on ${name}`, 30_000, async () => {
        const group = await getGroup(queries(), { cluster: name, group: "payments", query: GroupQuery.parse({}) });
        return group.ok && group.value.row.lagMessages === "7" && group.value.row.state === "empty";
      });
    }
    await until("the consume edges", 60_000, async () => {
      const graph = await getFlowGraph(queries(), FlowQuery.parse({}));
      return (
        graph.ok &&
        ["scram512", ...POLLED].every((name) =>
          graph.value.edges.some(
            (edge) =>
              edge.kind === "consume" &&
              edge.from === `t:${name}/orders` &&
              edge.to === `g:${name}/payments` &&
              edge.ratePerSecond > 0,
          ),
        )
      );
    });
  });

  it("replays with the rights for it, and takes a refusal for one", async () => {
    const cluster = clusters.get("scram512") as ClusterConfig;
    const publisher = await openBroker(cluster).openPublisher("flowtap-replay-1");
    const record = (topic: string) => ({ topic, partition: 0, key: null, value: Buffer.from("again"), headers: [] });
    const [placed] = await publisher.publish([record("orders")]);
    assert.equal(placed?.partition, 0);
    await assert.rejects(
      publisher.publish([record("secrets")]),
      (error) => isBrokerFault(error, "records_refused") && error.message.startsWith("TOPIC_AUTHORIZATION_FAILED"),
    );
    await publisher.close();
    await assert.rejects(
      openBroker(clusters.get("confined") as ClusterConfig).openPublisher("flowtap-replay-2"),
      (error) => isBrokerFault(error, "records_refused"),
    );

    const inspector = openBroker(cluster).openInspector();
    await inspector.resetOffsets("idle", [{ topic: "orders", partition: 0, offset: 1n }]);
    assert.deepEqual(await inspector.committed(["idle"]), [
      { group: "idle", topic: "orders", partition: 0, offset: 1n },
    ]);
    await assert.rejects(
      inspector.resetOffsets("payments", [{ topic: "orders", partition: 0, offset: 1n }]),
      /does not allow it \(GROUP_AUTHORIZATION_FAILED\)/,
    );
    await inspector.close();
  });

  for (const [name, words] of Object.entries(REFUSED)) {
    it(`${name}: says so where people look, without repeating itself`, async () => {
      await until(`the state of ${name}`, 60_000, async () => {
        const status = await statusOf(name);
        return status?.state === "unreachable" && words.test(status.reason ?? "");
      });
      await until(`the health of ${name}`, 60_000, async () => {
        const { sources } = (await (await fetch(`${tap.metricsUrl}/health`)).json()) as {
          sources: { cluster: string; source: string; fault: string | null }[];
        };
        return words.test(sources.find(({ cluster, source }) => cluster === name && source === "events")?.fault ?? "");
      });
      const lines = (await readFile(tap.logFile, "utf8"))
        .split("\n")
        .filter((line) => line.includes(`"cluster":"${name}"`))
        .map((line) => JSON.parse(line) as { msg: string; err?: { message?: string } });
      // The logger puts the messages of the causes behind the error's own.
      assert.ok(
        lines.some(({ err }) =>
          words.test(err?.message?.split(/: (?=Cannot connect|Broker requires|Connection)/)[0] ?? ""),
        ),
        "the log says it",
      );
      for (const [msg, output] of Map.groupBy(lines, (line) => line.msg)) {
        const reasons = output.map(({ err }) => err?.message);
        assert.ok(
          reasons.every((reason, i) => i === 0 || reason !== reasons[i - 1]),
          `"${msg}" is said again and again`,
        );
      }
    });
  }

  it("takes a certificate that does not hold only where it is told to, and a login without encryption", async () => {
    const cluster = (name: string, more: object) =>
      ClusterConfig.parse({ name: "test", brokers: [broker.kafka.listeners[name]], ...more });
    for (const [known, topics] of [
      [cluster("EXPIRED", { tls: { verify: false } }), ["orders", "secrets"]],
      [
        cluster("UNENCRYPTED", { sasl: { mechanism: "scram-sha-512", username: "confined", password: PASSWORD } }),
        ["orders"],
      ],
    ] as const) {
      const inspector = openBroker(known).openInspector();
      const seen = (await inspector.destinations())
        .map(({ name: topic }) => topic)
        .filter((topic) => !topic.startsWith("__"));
      assert.deepEqual(seen.sort(), topics);
      await inspector.close();
    }
  });

  it("asks those who refuse less and less often", () => {
    assert.ok(broker.tokenRequests() < 100, `${broker.tokenRequests()} requests for tokens`);
  });
});
