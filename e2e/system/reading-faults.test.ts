/** What a cluster may hold that must stop nothing else: beside each of these a healthy topic is read without delay. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Admin } from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { openRawProducer, type RawProducer } from "#e2e/stack/raw-producer.ts";
import { createTopicOn } from "#e2e/stack/create-topic.ts";
import { testBatches } from "./reading-batches.ts";
import { openTopicChurn, type TopicChurn } from "./reading-churn.ts";
import { HEALTHY, openHealthyTopic, type HealthyTopic } from "./reading-healthy.ts";
import { allow, openLoginStage } from "./reading-login.ts";
import { testRights } from "./reading-rights.ts";
import { countIndex, readIndex, until, type TapStage } from "./tap-stage.ts";

const WITHIN_MS = 30_000;

describe("what is hard to read", { timeout: 300_000 }, () => {
  let stage: TapStage;
  let admin: Admin;
  let inspector: LogInspector;
  let healthy: HealthyTopic;
  let rawProducer: RawProducer;
  let churn: TopicChurn;
  let tap: Awaited<ReturnType<TapStage["flowtap"]["startTap"]>>;
  const broker = () => openBroker(ClusterConfig.parse({ name: "test", brokers: [...stage.kafka.brokers] }));

  before(async () => {
    stage = await openLoginStage();
    admin = stage.client.admin();
    await admin.connect();
    await allow(admin);
    rawProducer = await openRawProducer(stage.kafka.brokers[0] ?? "");
    inspector = broker().openInspector();
    await createTopicOn(admin, HEALTHY, 1);
    tap = await stage.flowtap.startTap();
    healthy = openHealthyTopic(stage.pool, stage.producer);
    await stage.producer.send({ topic: HEALTHY, messages: [{ value: "first" }] });
    await until("the healthy topic read", WITHIN_MS, async () => (await countIndex(stage, HEALTHY)) > 0);
    churn = openTopicChurn(admin, rawProducer, stage.pool);
  });
  after(async () => {
    healthy?.stop();
    await Promise.allSettled([churn?.stop(), rawProducer?.close(), admin.disconnect(), inspector.close()]);
    await stage.close();
  });

  const indexed = (topic: string, count: number) =>
    until(`${count} events of ${topic}`, WITHIN_MS, async () => (await countIndex(stage, topic)) === count);

  async function whileStopped(work: () => Promise<void>): Promise<void> {
    const fromMs = Date.now();
    await tap.stop();
    await work();
    tap = await stage.flowtap.startTap();
    const known = await countIndex(stage, HEALTHY);
    await until("the healthy topic read", WITHIN_MS, async () => (await countIndex(stage, HEALTHY)) > known);
    healthy.excuse(fromMs, Date.now());
  }

  it("topics named like the members of every object", async () => {
    const names = ["constructor", "toString", "__proto__"];
    for (const topic of names) await inspector.createTopic(topic, 1);
    const publisher = await broker().openPublisher("names");
    for (const topic of names)
      await publisher.publish([{ topic, partition: 0, key: null, value: Buffer.from("v"), headers: [] }]);
    await publisher.close();
    for (const topic of names.slice(0, 2)) await indexed(topic, 1);
  });

  it("8,000 names of headers, and one name 20,000 times", async () => {
    await createTopicOn(admin, "headers", 1);
    const many = Object.fromEntries(Array.from({ length: 8000 }, (_, i) => [`header-${i}`, "v"]));
    const doubled = { again: Array.from({ length: 20_000 }, () => "v") };
    await stage.producer.send({
      topic: "headers",
      messages: [{ value: "a", headers: many }, { value: "b", headers: doubled }, { value: "c" }],
    });
    await indexed("headers", 3);
  });

  it("aborted transactions of two producers, interleaved, with keys that look like markers", async () => {
    await createTopicOn(admin, "aborted", 1);
    const open = async (transactionalId: string) => {
      const producer = stage.client.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      return producer;
    };
    const [a, b] = await Promise.all([open("aborts-a"), open("aborts-b")]);
    const send = (value: string) => ({ topic: "aborted", messages: [{ key: Buffer.alloc(4), value }] });
    const [ofA, ofB] = [await a.transaction(), await b.transaction()];
    await ofA.send(send("a1"));
    await ofB.send(send("b1"));
    await ofB.abort();
    await ofA.send(send("a2"));
    await ofA.abort();
    const committed = await a.transaction();
    await committed.send(send("a3"));
    await committed.commit();
    await stage.producer.send({ topic: "aborted", messages: [{ value: "plain" }] });
    await Promise.all([a.disconnect(), b.disconnect()]);
    // a1, b1, marker, a2, marker, a3, marker, plain
    await until("both", WITHIN_MS, async () => (await countIndex(stage, "aborted")) >= 2);
    assert.deepEqual(await readIndex(stage, "aborted"), ["0 5", "0 7"]);
  });

  it("a topic that is deleted and made anew, while the tap reads it and while it is stopped", async () => {
    const remake = async (partitions: number) => {
      await admin.deleteTopics({ topics: ["again"] });
      await until("it is gone", WITHIN_MS, async () => !(await admin.listTopics()).includes("again"));
      await createTopicOn(admin, "again", partitions);
    };
    // To one partition: what the client sends to several it sends again to all when one of them was refused.
    const send = (count: number) =>
      stage.producer.send({
        topic: "again",
        messages: Array.from({ length: count }, (_, i) => ({ partition: 0, value: `${i}` })),
      });
    await createTopicOn(admin, "again", 3);
    await send(90);
    await indexed("again", 90);
    await remake(3);
    await send(20);
    await indexed("again", 20);
    assert.equal(await countIndex(stage, "again~1"), 90, "what was read before is kept apart");

    await whileStopped(async () => {
      await remake(1);
      await send(7);
    });
    await indexed("again", 7);
    assert.equal(await countIndex(stage, "again~2"), 20);
  });

  it("commits that are none, and one beyond all bounds", async () => {
    await createTopicOn(admin, "commits", 5);
    const offsets = [-1n, -2n, -1001n, 2n ** 63n - 1n, 3n].map((offset, partition) => ({
      topic: "commits",
      partition,
      offset,
    }));
    await inspector.resetOffsets("odd-commits", offsets);
    const commits = async () =>
      (
        await stage.pool.query<{ line: string }>(
          `
            SELECT p.partition || ' ' || p.committed_offset AS line
            FROM group_partitions p
            JOIN consumer_groups g ON g.id = p.group_id
            WHERE g.name = 'odd-commits'
            ORDER BY p.partition`,
        )
      ).rows.map(({ line }) => line);
    await until("the good one", WITHIN_MS, async () => (await commits()).includes("4 3"));
    assert.deepEqual(await commits(), [`3 ${Number.MAX_SAFE_INTEGER}`, "4 3"]);
  });

  it("a transaction left open in the commit log, which hides nobody else's commits", async () => {
    await createTopicOn(admin, "work", 1);
    const producer = stage.client.producer({ transactionalId: "hangs", idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const hanging = await producer.transaction();
    const topics = (offset: string) => [{ topic: "work", partitions: [{ partition: 0, offset }] }];
    await hanging.sendOffsets({ consumerGroupId: "exactly-once", topics: topics("5") });
    // Many groups, so that some share the partition of the commit log with the one that hangs.
    const innocent = Array.from({ length: 120 }, (_, i) => `innocent-${i}`);
    for (const group of innocent) await inspector.resetOffsets(group, [{ topic: "work", partition: 0, offset: 4n }]);
    const committed = async (pattern: string) =>
      Number(
        (
          await stage.pool.query<{ n: string }>(
            `
              SELECT count(*) AS n
              FROM group_partitions p
              JOIN consumer_groups g ON g.id = p.group_id
              WHERE g.name LIKE $1`,
            [pattern],
          )
        ).rows[0]?.n,
      );
    await until("the commits of all others", WITHIN_MS, async () => (await committed("innocent-%")) === 120);
    assert.equal(await committed("exactly-once"), 0, "not before its transaction ends");
    // Also over a restart: the transaction began before the position.
    await whileStopped(() => Promise.resolve());
    await hanging.commit();
    await until("its own commit", WITHIN_MS, async () => (await committed("exactly-once")) === 1);
    await producer.disconnect();
  });

  testRights(() => ({ ...stage, admin }));
  testBatches(() => ({ ...stage, admin, rawProducer, tapPid: tap.pid }));

  it("topics made and deleted every five seconds, all the while", async () => {
    await churn.stop();
    assert.ok(churn.deleted > 3, `${churn.deleted} topics`);
    await until("the last ones read", WITHIN_MS, async () => (await churn.missing()) === 0);
  });

  it("delays no event of the healthy topic while the tap runs, though it has to log in every ten seconds", () =>
    healthy.assertNeverLate());
});
