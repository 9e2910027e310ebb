/**
 * What the tap keeps of groups of every protocol, on a real broker.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Consumer } from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { openLeash, type Leash } from "#lib/demo/stack/leash.ts";
import { temporaryFolder } from "#e2e/stack/stack.ts";
import { readGroups, type Group } from "./group-rows.ts";
import { testHeldPartitions } from "./held-partitions.ts";
import { openStreamsMember } from "./streams-member.ts";
import { openTapStage, until, type TapStage } from "./tap-stage.ts";

const WITHIN_MS = 30_000;

let stage: TapStage;
before(async () => (stage = await openTapStage()));
after(() => stage.close());

describe("groups of every protocol, as the tap keeps them", () => {
  let inspector: LogInspector;
  let leash: Leash;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const joined: Consumer[] = [];

  const { groupOf, marksOf, assignedOf } = readGroups(() => stage.pool);
  const untilGroup = async (name: string, what: string, holds: (group: Group) => boolean): Promise<Group> => {
    let found: Group | undefined;
    await until(`${name}: ${what}`, WITHIN_MS, async () => {
      found = await groupOf(name);
      return found !== undefined && holds(found);
    });
    return found as Group;
  };
  const startTool = (name: string, main: string, args: readonly string[]) =>
    leash.start({
      name,
      command: "java",
      args: [
        "-Xmx96m",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        path.join(stage.kafka.libs ?? "", "*"),
        main,
        "--bootstrap-server",
        stage.kafka.brokers.join(","),
        "--topic",
        "orders",
        ...args,
      ],
      logFile: path.join(folder.dir, `${name}.log`),
      stopSignal: "SIGTERM",
    });
  const join = async (groupId: string): Promise<Consumer> => {
    const consumer = stage.client.consumer({ groupId, sessionTimeout: 6000, heartbeatInterval: 500 });
    joined.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic: "orders", fromBeginning: true });
    await consumer.run({ autoCommitThreshold: 1, eachMessage: () => Promise.resolve() });
    return consumer;
  };

  before(async () => {
    leash = openLeash();
    folder = await temporaryFolder("protocols");
    inspector = openBroker(ClusterConfig.parse({ name: "test", brokers: stage.kafka.brokers })).openInspector();
    await stage.createTopic("orders", 3);
    // Idempotent: KafkaJS sends a whole request again when one new leader refuses its part, and the lags are counted.
    const producer = stage.client.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await producer.send({
      topic: "orders",
      messages: Array.from({ length: 30 }, (_, i) => ({ partition: i % 3, value: `${i}` })),
    });
    await producer.disconnect();
    await stage.flowtap.startTap();
  });
  after(async () => {
    // Also after a failure: a consumer that keeps trying would keep this process alive.
    await Promise.allSettled(joined.map((consumer) => consumer.disconnect()));
    await inspector.close();
    await leash.close();
    await folder.remove();
  });

  it("classic: when each generation began, who joined and left, and since when the group is empty", async () => {
    const startedAt = Date.now();
    const first = await join("classic");
    const alone = await untilGroup(
      "classic",
      "one member with a generation",
      (group) => group.member_count === 1 && group.generation !== null,
    );
    assert.deepEqual([alone.protocol, alone.state, await assignedOf("classic")], ["classic", "stable", 3]);
    const second = await join("classic");
    // The members are polled, the generation is in the commit log: either may come first.
    await untilGroup(
      "classic",
      "two members, in a later generation",
      (group) => group.member_count === 2 && (group.generation ?? 0) > (alone.generation ?? 0),
    );
    await until("a mark of the second's joining", WITHIN_MS, async () =>
      (await marksOf("classic", "joined")).some(({ detail }) => detail["count"] === 1 && detail["members"] === 2),
    );
    await Promise.all([first.disconnect(), second.disconnect()]);
    const empty = await untilGroup(
      "classic",
      "nobody",
      (group) => group.member_count === 0 && group.state === "empty" && group.empty_since !== null,
    );
    assert.ok(Number(empty.empty_since) >= startedAt);
    await until(
      "a mark of the last one's leaving",
      WITHIN_MS,
      async () => (await marksOf("classic", "emptied")).length === 1,
    );
    const rebalances = await marksOf("classic", "rebalance");
    const generations = rebalances.map(({ detail }) => Number(detail["generation"]));
    assert.deepEqual(
      generations,
      [...new Set(generations)].sort((a, b) => a - b),
      "each generation once, in order",
    );
    assert.ok(rebalances.every(({ at }) => at.getTime() >= startedAt - 1000 && at.getTime() <= Date.now() + 1000));
    const { rows } = await stage.pool.query<{ open: number; ended: number }>(
      `
        SELECT count(*) FILTER (WHERE left_at IS NULL)::int AS open, count(left_at)::int AS ended
        FROM member_sessions
        WHERE group_id = $1`,
      [empty.id],
    );
    assert.deepEqual(rows, [{ open: 0, ended: 2 }]);
  });

  it("assign()-only: commits with no member are a group that lives", async () => {
    await inspector.resetOffsets("by-hand", [{ topic: "orders", partition: 1, offset: 4n }]);
    const group = await untilGroup("by-hand", "its lag", (found) => found.lag_messages === "6");
    assert.deepEqual([group.protocol, group.state, group.member_count], ["simple", "empty", 0]);
  });

  it("consumer and share: members, partitions, epochs and lag; streams: tasks as partitions", async (t) => {
    const streams = await openStreamsMember(stage.kafka.brokers, {
      group: "streams",
      clientId: "streamer",
      topics: ["orders"],
    });
    t.after(() => streams.leave());
    const tools =
      stage.kafka.libs === null
        ? []
        : await Promise.all([
            startTool("consumer", "org.apache.kafka.tools.consumer.ConsoleConsumer", [
              "--group",
              "newer",
              "--from-beginning",
              "--command-property",
              "group.protocol=consumer",
              "--command-property",
              "auto.commit.interval.ms=500",
            ]),
            startTool("share", "org.apache.kafka.tools.consumer.ConsoleShareConsumer", ["--group", "sharing"]),
          ]);
    const stream = await untilGroup(
      "streams",
      "a member",
      (group) => group.member_count === 1 && group.state === "stable",
    );
    assert.equal(stream.protocol, "streams");
    assert.ok((stream.generation ?? 0) > 0);
    await until("streams: its partitions", WITHIN_MS, async () => (await assignedOf("streams")) === 3);
    const [described] = await inspector.groups(["streams"]);
    assert.deepEqual(
      [described?.subscription, described?.members[0]?.clientId, described?.members[0]?.targetAssignment?.length],
      [["orders"], "streamer", 3],
    );
    if (tools.length === 0) return t.skip("consumer and share need Kafka's own tools");

    const newer = await untilGroup(
      "newer",
      "a member that has read all",
      (group) => group.member_count === 1 && group.lag_messages === "0" && group.state === "stable",
    );
    assert.deepEqual([newer.protocol, await assignedOf("newer")], ["consumer", 3]);
    assert.ok((newer.generation ?? 0) > 0);
    const [info] = await inspector.groups(["newer"]);
    assert.deepEqual(
      [info?.generation, info?.subscription, info?.members[0]?.targetAssignment?.length],
      [newer.generation, ["orders"], 3],
    );
    assert.equal(typeof info?.members[0]?.epoch, "number");

    const sharing = await untilGroup("sharing", "a member", (group) => group.member_count === 1);
    assert.equal(sharing.protocol, "share");
    await until("sharing: its partitions", WITHIN_MS, async () => (await assignedOf("sharing")) === 3);
    // Where a share partition begins is kept from its first acknowledged record on; it reads only what comes
    // after it began.
    await until("sharing: where it begins", WITHIN_MS, async () => {
      await stage.producer.send({
        topic: "orders",
        messages: [0, 1, 2].map((partition) => ({ partition, value: "more" })),
      });
      const { rows } = await stage.pool.query<{ committed_offset: string }>(
        "SELECT committed_offset FROM group_partitions WHERE group_id = $1 AND committed_offset IS NOT NULL",
        [sharing.id],
      );
      return rows.length === 3 && rows.every((row) => Number(row.committed_offset) > 10);
    });
    await untilGroup("sharing", "no lag", (group) => group.lag_messages === "0");
    for (const tool of tools) await tool.stop();
    await untilGroup("newer", "nobody, and not dead", (group) => group.member_count === 0 && group.state === "empty");
    await until(
      "newer: a mark of its rebalance",
      WITHIN_MS,
      async () => (await marksOf("newer", "rebalance")).length > 0,
    );
  });
});

testHeldPartitions(() => stage);
