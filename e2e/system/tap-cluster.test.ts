/** Two clusters, one of them of three brokers: what stops of them stops nothing else. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";
import type pg from "pg";
import type { RunningKafka } from "#lib/demo/stack/kafka.ts";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { openTestKafka } from "#e2e/stack/kafka-client.ts";
import { startKafkaCluster, whyNoKafkaCluster, type ClusterNode, type KafkaCluster } from "#e2e/stack/kafka-cluster.ts";
import { openPool, startBoth, startKafka, startPostgres } from "#e2e/stack/stack.ts";
import { produceToEach, type PartitionLoad } from "./tap-cluster-load.ts";
import { until } from "./tap-stage.ts";

const PARTITIONS = 6;
const STOPPED = 3;
const STOPPED_FOR_MS = 8000;
const NEVER_LATER_THAN_MS = 2000;
const WITHIN_MS = 60_000;
const SINGLE = "replication-1";
const TRIPLE = "replication-3";
const ELSEWHERE = "elsewhere";

async function startOthers() {
  const [other, postgres] = await startBoth(startKafka(), startPostgres());
  return { other, postgres, stop: () => Promise.all([other.stop(), postgres.stop()]) };
}

const missing = await whyNoKafkaCluster();

describe("several brokers", { timeout: 300_000, skip: missing ?? false }, () => {
  let cluster: KafkaCluster;
  let other: RunningKafka;
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let flowtap: Flowtap;
  let tap: Awaited<ReturnType<Flowtap["startTap"]>>;
  let pool: pg.Pool;
  let admins: readonly Admin[] = [];
  let loads: readonly PartitionLoad[] = [];

  before(async () => {
    const starting = startKafkaCluster().then((started) => ({ ...started, stop: started.close }));
    [cluster, { other, postgres }] = await startBoth(starting, startOthers());
    const addresses = cluster.nodes.map(({ address }) => address);
    const clusterOf = (name: string, brokers: readonly string[]) => ({
      name,
      system: "kafka",
      brokers,
      start: "earliest",
    });
    flowtap = await prepareFlowtap({
      databaseUrl: postgres.url,
      brokers: [],
      config: { clusters: [clusterOf("three", addresses), clusterOf("other", other.brokers)] },
    });
    pool = openPool(postgres.url, 2);
    const clients = [openTestKafka(addresses), openTestKafka(other.brokers)] as const;
    admins = clients.map((client) => client.admin());
    await Promise.all(admins.map((admin) => admin.connect()));
    await createTopic(0, SINGLE, 1);
    await createTopic(0, TRIPLE, 3);
    await createTopic(1, ELSEWHERE, 1);
    loads = [
      produceToEach(clients[0], SINGLE, PARTITIONS),
      produceToEach(clients[0], TRIPLE, PARTITIONS),
      produceToEach(clients[1], ELSEWHERE, PARTITIONS),
    ];
    tap = await flowtap.startTap();
    await until("every partition read", WITHIN_MS, async () => (await readSince(0)).length === 3 * PARTITIONS);
  });
  after(async () => {
    await Promise.allSettled(loads.map((load) => load.stop()));
    await Promise.allSettled([...admins.map((admin) => admin.disconnect()), pool.end()]);
    await flowtap.stop();
    await Promise.all([cluster.close(), other.stop(), postgres.stop()]);
  });

  /** With the broker's clock as the time of its records: what is late is late in the tap. */
  async function createTopic(which: number, topic: string, replicationFactor: number): Promise<void> {
    const configEntries = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
    // KafkaJS's own wait for leaders fails at a broker that has not heard of the topic yet.
    await admins[which]?.createTopics({
      waitForLeaders: false,
      topics: [{ topic, numPartitions: PARTITIONS, replicationFactor, configEntries }],
    });
  }

  interface Read {
    readonly topic: string;
    readonly partition: number;
    readonly events: number;
    readonly latestMs: number;
  }

  /** What was read of each partition of the events that came after this time. */
  async function readSince(sinceMs: number): Promise<Read[]> {
    const { rows } = await pool.query<Read>(
      `
        SELECT d.name AS topic, e.partition, count(*)::int AS events,
          max(round(extract(epoch FROM e.stored_at - e.occurred_at) * 1000))::float8 AS "latestMs"
        FROM events e
        JOIN destinations d ON d.id = e.destination_id
        WHERE e.occurred_at > to_timestamp($1::float8 / 1000)
        GROUP BY 1, 2`,
      [sinceMs],
    );
    return rows;
  }

  async function leaderless(): Promise<string[]> {
    const { rows } = await pool.query<{ at: string }>(
      `
        SELECT d.name || '/' || f.partition AS at
        FROM tap_faults f
        JOIN destinations d ON d.id = f.destination_id
        WHERE d.role <> 'internal'
        ORDER BY 1`,
    );
    return rows.map(({ at }) => at);
  }

  async function assertInTime(sinceMs: number, isExpected: (at: Pick<Read, "topic" | "partition">) => boolean) {
    const all = (await readSince(sinceMs)).filter(isExpected);
    const late = all.filter(({ latestMs, events }) => latestMs > NEVER_LATER_THAN_MS || events < 10);
    assert.deepEqual(late, []);
    return all.length;
  }

  /** No event of any partition is missing or there twice. */
  async function assertAllRead(): Promise<void> {
    await Promise.all(loads.map((load) => load.stop()));
    const offsetsOf = async (which: number, topic: string) => (await admins[which]?.fetchTopicOffsets(topic)) ?? [];
    const offsets = [
      ...(await offsetsOf(0, SINGLE)),
      ...(await offsetsOf(0, TRIPLE)),
      ...(await offsetsOf(1, ELSEWHERE)),
    ];
    const sent = offsets.reduce((sum, { high }) => sum + Number(high), 0);
    const count = async () => {
      const { rows } = await pool.query<{ n: number; different: number }>(
        `
          SELECT count(*)::int AS n, count(DISTINCT (destination_id, partition, position))::int AS different
          FROM events`,
      );
      return rows[0] ?? { n: 0, different: 0 };
    };
    await until("all read", WITHIN_MS, async () => (await count()).n >= sent);
    assert.deepEqual(await count(), { n: sent, different: sent });
  }

  it("of three brokers one is stopped: the partitions of the others go on, its own come back with it", async () => {
    const metadata = await admins[0]?.fetchTopicMetadata({ topics: [SINGLE, TRIPLE] });
    const own = (metadata?.topics ?? []).flatMap(({ name, partitions }) =>
      partitions.filter(({ leader }) => leader === STOPPED).map(({ partitionId }) => `${name}/${partitionId}`),
    );
    const lonely = own.filter((at) => at.startsWith(SINGLE)).sort();
    assert.equal(lonely.length, PARTITIONS / 3, "a third has no other broker");
    const isOwn = ({ topic, partition }: { topic: string; partition: number }) => own.includes(`${topic}/${partition}`);

    const stopped = cluster.nodes[STOPPED - 1] as ClusterNode;
    const sinceMs = Date.now();
    await stopped.stop();
    await until("its partitions reported", WITHIN_MS, async () => (await leaderless()).join() === lonely.join());
    await sleep(Math.max(0, sinceMs + STOPPED_FOR_MS - Date.now()));
    assert.equal(await assertInTime(sinceMs, (at) => !isOwn(at)), 3 * PARTITIONS - own.length);
    const backMs = Date.now();
    await stopped.restart();
    await until("its partitions read again", WITHIN_MS, async () => {
      const read = await readSince(backMs);
      return lonely.every((at) => read.some(({ topic, partition }) => at === `${topic}/${partition}`));
    });
    await until("nothing reported any more", WITHIN_MS, async () => (await leaderless()).length === 0);
    await sleep(2000);
    assert.equal(await assertInTime(sinceMs, (at) => !isOwn(at)), 3 * PARTITIONS - own.length);
  });

  it("of two clusters one is killed: the other is read on, and it after it starts again", async () => {
    const sinceMs = Date.now();
    await other.kill9();
    const isReported = async () => {
      const { rows } = await pool.query<{ name: string; state: string }>("SELECT name, state FROM clusters");
      return rows.every(({ name, state }) => state === (name === "other" ? "unreachable" : "connected"));
    };
    await until("the one reported, and only that", WITHIN_MS, isReported);
    await sleep(Math.max(0, sinceMs + STOPPED_FOR_MS - Date.now()));
    assert.equal(await assertInTime(sinceMs, ({ topic }) => topic !== ELSEWHERE), 2 * PARTITIONS);
    await other.restart();
    const backMs = Date.now();
    await until("both read", WITHIN_MS, async () => (await readSince(backMs)).length === 3 * PARTITIONS);
    assert.ok(tap.isRunning());
    await assertAllRead();
  });
});
