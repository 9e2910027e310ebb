import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { openLeash, type Leash } from "#lib/demo/stack/leash.ts";
import { startKafka, temporaryFolder } from "#e2e/stack/stack.ts";
import { createTopics } from "./create-topics.ts";

type Running = Awaited<ReturnType<typeof startKafka>>;

async function until<T>(ask: () => Promise<T | undefined | false>, timeoutMs = 30_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > deadline) throw new Error("waited in vain");
    await sleep(200);
  }
}

const ORDERS = [0, 1, 2].map((partition) => ({ topic: "orders", partition }));
const EVERYTHING = [...Array.from({ length: 40 }, (_, partition) => ({ topic: "wide", partition })), ...ORDERS];

describe("the Kafka inspector on a real broker", () => {
  let kafka: Running;
  let client: Kafka;
  let inspector: LogInspector;
  let leash: Leash;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  before(async () => {
    kafka = await startKafka();
    leash = openLeash();
    folder = await temporaryFolder("inspect");
    client = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING });
    inspector = openBroker(ClusterConfig.parse({ name: "test", brokers: kafka.brokers })).openInspector();
    const admin = client.admin();
    await admin.connect();
    await createTopics(admin, [
      {
        topic: "orders",
        numPartitions: 3,
        configEntries: [
          { name: "retention.ms", value: "3600000" },
          { name: "retention.bytes", value: "50000000" },
        ],
      },
      { topic: "wide", numPartitions: 40 },
      {
        topic: "forever",
        numPartitions: 1,
        configEntries: [
          { name: "retention.ms", value: "-1" },
          { name: "retention.bytes", value: "-1" },
          { name: "cleanup.policy", value: "compact" },
        ],
      },
    ]);
    await admin.disconnect();
    // Hundreds of partitions are not all open at once; what follows wants a broker at rest.
    await until(async () => {
      await inspector.destinations();
      return (await inspector.logOffsets(EVERYTHING)).length === EVERYTHING.length;
    });
    const producer = client.producer({ idempotent: true });
    await producer.connect();
    await producer.send({
      topic: "orders",
      messages: Array.from({ length: 30 }, (_, i) => ({
        partition: i % 3,
        value: `${i}`,
        timestamp: `${1_700_000_000_000 + i * 1000}`,
      })),
    });
    await producer.disconnect();
  });
  after(async () => {
    await inspector.close();
    await leash.close();
    await kafka.stop();
    await folder.remove();
  });

  it("sees topics, their partitions, leaders and settings", async () => {
    const orders = (await inspector.destinations()).find((topic) => topic.name === "orders");
    assert.equal(orders?.replication, 1);
    assert.deepEqual(
      orders.partitions.map((at) => [at.partition, typeof at.leader]),
      [
        [0, "number"],
        [1, "number"],
        [2, "number"],
      ],
    );
    const settings = await inspector.settings(["orders", "forever"]);
    assert.deepEqual(settings.get("orders"), {
      cleanupPolicy: "delete",
      retentionMs: 3_600_000n,
      retentionBytes: 50_000_000n,
      maxMessageBytes: 1_048_588,
    });
    assert.deepEqual(settings.get("forever"), {
      cleanupPolicy: "compact",
      retentionMs: null,
      retentionBytes: null,
      maxMessageBytes: 1_048_588,
    });
    assert.match((await inspector.clusterId()) ?? "", /\S/);
  });

  it("reads log offsets, and knows nothing of a partition that is not there", async () => {
    const found = await inspector.logOffsets([...EVERYTHING, { topic: "orders", partition: 77 }]);
    assert.equal(found.length, EVERYTHING.length);
    assert.deepEqual(
      found.find((at) => at.topic === "orders" && at.partition === 1),
      { topic: "orders", partition: 1, logStartOffset: 0n, endOffset: 10n, lastStableOffset: 10n },
    );
  });

  it("finds offsets by time, and the end where nothing is that late", async () => {
    const at = await inspector.offsetsAt(ORDERS, 1_700_000_000_000 + 15_000);
    assert.deepEqual(
      ORDERS.map((ref) => at.get(partitionKey(ref))),
      [5n, 5n, 5n],
    );
    const late = await inspector.offsetsAt(ORDERS, Date.now() + 86_400_000);
    assert.deepEqual(
      ORDERS.map((ref) => late.get(partitionKey(ref))),
      [10n, 10n, 10n],
    );
  });

  it("describes a classic group with its members, its commits, and resets it only when it is empty", async (t) => {
    const consumer = client.consumer({ groupId: "classic-group" });
    t.after(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topic: "orders", fromBeginning: true });
    await consumer.run({ autoCommitThreshold: 1, eachMessage: () => Promise.resolve() });
    await until(
      async () => (await inspector.committed(["classic-group"])).reduce((sum, at) => sum + Number(at.offset), 0) === 30,
    );
    const [group] = await inspector.groups(["classic-group"]);
    assert.equal(group?.protocol, "classic");
    assert.equal(group.state, "stable");
    assert.deepEqual(
      group.members
        .flatMap((member) => member.assignment)
        .map((ref) => `${ref.topic}/${ref.partition}`)
        .sort(),
      ["orders/0", "orders/1", "orders/2"],
    );
    assert.match(group.coordinator ?? "", /:\d+$/);

    const reset = () => inspector.resetOffsets("classic-group", [{ topic: "orders", partition: 0, offset: 4n }]);
    await assert.rejects(reset, /has none/);
    await consumer.disconnect();
    await until(async () => (await inspector.groups(["classic-group"]))[0]?.state === "empty");
    await reset();
    assert.equal((await inspector.committed(["classic-group"])).find((at) => at.partition === 0)?.offset, 4n);
  });

  it("tells of a hostile client nothing that could not be stored", async (t) => {
    // What KafkaJS is given here it sends as it is; its members' ids begin with it.
    const clientId = `a\0b\u001b${"x".repeat(8000)}`;
    const consumer = new Kafka({ brokers: kafka.brokers, clientId, logLevel: logLevel.NOTHING }).consumer({
      groupId: "hostile-group",
    });
    t.after(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topic: "orders" });
    await consumer.run({ eachMessage: () => Promise.resolve() });
    const group = await until(async () => {
      await inspector.listGroups();
      const [info] = await inspector.groups(["hostile-group"]);
      return info?.state === "stable" && info;
    });
    const [member] = group.members;
    assert.equal(member?.assignment.length, 3);
    for (const reported of [member.memberId, member.clientId, member.host])
      assert.ok(reported.length <= 300 && !reported.includes("\0"), reported);
    assert.match(member.clientId, /^a\ufffdb\ufffdx+$/);
  });

  it("describes groups of the new protocols, never as dead", async (t) => {
    if (kafka.libs === null) return t.skip("needs Kafka's own tools");
    const start = (name: string, main: string, args: readonly string[]) =>
      leash.start({
        name,
        command: "java",
        args: [
          "-Xmx96m",
          "-cp",
          path.join(kafka.libs ?? "", "*"),
          main,
          "--bootstrap-server",
          kafka.brokers.join(","),
          "--topic",
          "orders",
          ...args,
        ],
        logFile: path.join(folder.dir, `${name}.log`),
        stopSignal: "SIGTERM",
      });
    const tools = [
      await start("consumer", "org.apache.kafka.tools.consumer.ConsoleConsumer", [
        "--group",
        "new-group",
        "--command-property",
        "group.protocol=consumer",
      ]),
      await start("share", "org.apache.kafka.tools.consumer.ConsoleShareConsumer", ["--group", "share-group"]),
    ];
    const byName = async (name: string): Promise<GroupInfo | undefined> => {
      await inspector.listGroups();
      return (await inspector.groups([name]))[0];
    };
    const group = await until(async () => {
      const info = await byName("new-group");
      return info?.state === "stable" && info;
    });
    assert.equal(group.protocol, "consumer");
    assert.equal(group.members.length, 1);
    assert.equal(group.members[0]?.assignment.length, 3);
    const share = await until(() => byName("share-group"));
    assert.equal(share.protocol, "share");
    assert.notEqual(share.state, "dead");
    for (const tool of tools) await tool.stop();
    const left = await until(async () => {
      const info = await byName("new-group");
      return info?.state === "empty" && info;
    });
    assert.equal(left.protocol, "consumer");
  });

  it("says what is wrong when the broker is gone, and goes on when it is back", async () => {
    await kafka.kill9();
    await assert.rejects(inspector.destinations());
    await kafka.restart();
    const end = await until(async () => {
      try {
        await inspector.destinations();
        return (await inspector.logOffsets([{ topic: "orders", partition: 0 }]))[0]?.endOffset;
      } catch {
        return false;
      }
    });
    assert.equal(end, 10n);
  });
});
