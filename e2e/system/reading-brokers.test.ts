/**
 * Three brokers, of which one answers badly, one is stopped, and one comes back with a shorter log. A healthy topic on
 * the first is read all the while.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Admin, Producer } from "kafkajs";
import type pg from "pg";
import { openBroker } from "#lib/brokers/open.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import type { RunningPostgres } from "#lib/demo/stack/postgres.ts";
import type { AnswerFault } from "#e2e/stack/faulty-proxy.ts";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { openTestKafka } from "#e2e/stack/kafka-client.ts";
import { startKafkaCluster, whyNoKafkaCluster, type ClusterNode, type KafkaCluster } from "#e2e/stack/kafka-cluster.ts";
import { batchOf, openRawProducer, type RawProducer } from "#e2e/stack/raw-producer.ts";
import { openPool, startBoth, startPostgres } from "#e2e/stack/stack.ts";
import { HEALTHY, openHealthyTopic, type HealthyTopic } from "./reading-healthy.ts";
import { countIndex, readIndex, until } from "./tap-stage.ts";

const WITHIN_MS = 60_000;
const missing = await whyNoKafkaCluster();

describe("three brokers", { skip: missing ?? false, timeout: 290_000 }, () => {
  let cluster: KafkaCluster;
  let postgres: RunningPostgres;
  let flowtap: Flowtap;
  let pool: pg.Pool;
  let admin: Admin;
  let inspector: LogInspector;
  let producer: Producer;
  let healthy: HealthyTopic;

  before(async () => {
    const starting = startKafkaCluster().then((started) => ({ ...started, stop: started.close }));
    [cluster, postgres] = await startBoth(starting, startPostgres());
    // The one that answers badly is asked first.
    const brokers = [3, 1, 2].map((id) => `127.0.0.1:${node(id).proxy.port}`);
    flowtap = await prepareFlowtap({ databaseUrl: postgres.url, brokers });
    pool = openPool(postgres.url, 2);
    const client = openTestKafka(cluster.nodes.map(({ address }) => address));
    admin = client.admin();
    producer = client.producer({ allowAutoTopicCreation: false, retry: { retries: 60, maxRetryTime: 500 } });
    inspector = openBroker(direct()).openInspector();
    await Promise.all([admin.connect(), producer.connect()]);
    await createTopic(HEALTHY, [[1]]);
    await createTopic("behind", [[3]]);
    await createTopic("spread", [[1], [2], [3]]);
    await createTopic("unclean", [[2, 3]], { "unclean.leader.election.enable": "true" });
    await producer.send({ topic: HEALTHY, messages: [{ value: "first" }] });
    await flowtap.startTap();
    await until("the healthy topic read", WITHIN_MS, async () => (await countIndex({ pool }, HEALTHY)) > 0);
    healthy = openHealthyTopic(pool, producer);
  });
  after(async () => {
    healthy?.stop();
    await Promise.allSettled([admin?.disconnect(), producer?.disconnect(), inspector?.close()]);
    await pool?.end();
    await flowtap?.stop();
    await Promise.all([cluster?.close(), postgres?.stop()]);
  });

  const direct = () => ClusterConfig.parse({ name: "test", brokers: [node(1).address] });
  const node = (id: number) => cluster.nodes[id - 1] as ClusterNode;

  /** `replicas`: the brokers of each partition, its leader first */
  async function createTopic(
    topic: string,
    replicas: number[][],
    settings: Record<string, string> = {},
  ): Promise<void> {
    await admin.createTopics({
      waitForLeaders: false,
      topics: [
        {
          topic,
          replicaAssignment: replicas.map((own, partition) => ({ partition, replicas: own })),
          configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
        },
      ],
    });
    await until(`${topic} is there`, WITHIN_MS, async () => {
      const leaders = await leadersOf(topic);
      return leaders.length === replicas.length && leaders.every((leader) => leader !== null);
    });
  }
  // KafkaJS refuses every answer about a topic of which one partition has no leader, and does not write to it.
  const partitionsOf = async (topic: string) =>
    (await inspector.destinations()).find(({ name }) => name === topic)?.partitions ?? [];
  const leadersOf = async (topic: string): Promise<(number | null)[]> =>
    (await partitionsOf(topic)).map(({ leader }) => leader);
  const send = async (topic: string, partition: number, values: readonly string[]) => {
    let raw: RawProducer | null = null;
    // A broker that comes back leads before it listens.
    await until(`${topic}'s leader listens`, WITHIN_MS, async () => {
      const leader = (await leadersOf(topic))[partition] ?? null;
      raw = leader === null ? null : await openRawProducer(node(leader).address).catch(() => null);
      return raw !== null;
    });
    const open = raw as unknown as RawProducer;
    try {
      await open.send(topic, partition, batchOf(values.map((value) => Buffer.from(value))));
    } finally {
      await open.close();
    }
  };
  const indexed = (topic: string, count: number) =>
    until(`${count} events of ${topic}`, WITHIN_MS, async () => (await countIndex({ pool }, topic)) === count);
  const faultOf = async (topic: string, partition: number): Promise<string> => {
    const { rows } = await pool.query<{ reason: string }>(
      `
        SELECT f.reason
        FROM tap_faults f
        JOIN destinations d ON d.id = f.destination_id
        WHERE d.name = $1 AND f.partition = $2`,
      [topic, partition],
    );
    return rows[0]?.reason ?? "";
  };

  let behind = 0;
  const FAULTS: readonly { readonly fault: AnswerFault; readonly says: RegExp | null }[] = [
    { fault: "late", says: null },
    { fault: "half and end", says: /closed the connection/ },
    { fault: "half", says: /no answer/ },
    { fault: "silence", says: /no answer/ },
  ];
  for (const { fault, says } of FAULTS)
    it(`answers: ${fault}`, async () => {
      node(3).proxy.set(fault);
      await send("behind", 0, ["a", "b"]);
      behind += 2;
      if (says === null) await indexed("behind", behind);
      else {
        // A topic that is made meanwhile is found and read all the same.
        await createTopic(`beside-${fault.replaceAll(" ", "-")}`, [[1]]);
        await send(`beside-${fault.replaceAll(" ", "-")}`, 0, ["x"]);
        await indexed(`beside-${fault.replaceAll(" ", "-")}`, 1);
        await until("it is said", WITHIN_MS, async () => says.test(await faultOf("behind", 0)));
      }
      node(3).proxy.set("none");
      await indexed("behind", behind);
      await until("it is said no longer", WITHIN_MS, async () => (await faultOf("behind", 0)) === "");
    });

  it("a partition without a leader: the others of its topic are read, in the tap and in the page", async () => {
    for (const partition of [0, 1, 2]) await send("spread", partition, ["1"]);
    await indexed("spread", 3);
    await node(2).stop();
    await until("it has no leader", WITHIN_MS, async () => (await leadersOf("spread"))[1] === null);
    for (const partition of [0, 2]) await send("spread", partition, ["2"]);
    await indexed("spread", 5);
    await until("it is said", WITHIN_MS, async () => /has no leader/.test(await faultOf("spread", 1)));
    const reader = openBroker(direct()).openReader();
    const limits = { maxRecords: 10, maxBytes: 10_000, timeoutMs: 5000 };
    assert.equal((await reader.read({ topic: "spread", partition: 0 }, 0n, limits)).records.length, 2);
    await assert.rejects(reader.read({ topic: "spread", partition: 1 }, 0n, limits), /has no leader at the moment/);
    await reader.close();
    await node(2).restart();
    await until("it has one again", WITHIN_MS, async () => (await leadersOf("spread"))[1] === 2);
    await send("spread", 1, ["3"]);
    await indexed("spread", 6);
    await until("it is said no longer", WITHIN_MS, async () => (await faultOf("spread", 1)) === "");
  });

  it("a log truncated by an unclean election: what it lost is kept apart, what is new is read", async () => {
    const isInSync = async (count: number) => (await partitionsOf("unclean"))[0]?.inSync === count;
    await until("both hold it", WITHIN_MS, () => isInSync(2));
    const leader = (await leadersOf("unclean"))[0] ?? 0;
    const follower = leader === 2 ? 3 : 2;
    await send("unclean", 0, ["kept 0", "kept 1"]);
    await indexed("unclean", 2);
    await node(follower).stop();
    await until("only its leader holds it", WITHIN_MS, () => isInSync(1));
    await send("unclean", 0, ["lost 2", "lost 3", "lost 4"]);
    await indexed("unclean", 5);
    await node(leader).kill9();
    await node(follower).restart();
    await until("the other leads", WITHIN_MS, async () => (await leadersOf("unclean"))[0] === follower);
    await send("unclean", 0, ["new 2", "new 3", "new 4", "new 5"]);
    await until("the new end", WITHIN_MS, async () => (await readIndex({ pool }, "unclean")).at(-1) === "0 5");
    assert.deepEqual(
      await readIndex({ pool }, "unclean"),
      [0, 1, 2, 3, 4, 5].map((offset) => `0 ${offset}`),
    );
    const { rows } = await pool.query<{ name: string; n: string }>(
      `
        SELECT d.name, count(*) AS n
        FROM events e
        JOIN destinations d ON d.id = e.destination_id
        WHERE d.name LIKE 'unclean%' AND d.name <> 'unclean'
        GROUP BY d.name`,
    );
    assert.deepEqual(
      rows.map(({ n }) => n),
      ["3"],
      rows.map(({ name }) => name).join(),
    );
  });

  it("delays no event of the healthy topic", () => healthy.assertNeverLate());
});
