/** The contract of a log, of exchanges that a real RabbitMQ keeps a copy of; and that nobody notices the copy. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, it } from "node:test";
import amqp, { type ChannelModel, type ConfirmChannel } from "amqplib";
import { startRabbit } from "#e2e/stack/stack.ts";
import { RabbitClusterConfig } from "#lib/config/cluster.ts";
import type { RunningRabbit } from "#lib/demo/stack/rabbitmq.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { countBindings, isUp } from "../contract/rabbitmq-checks.ts";
import { describeLogin } from "../contract/rabbitmq-login.ts";
import { asAssigned, recordTap, until, type RecordedTap } from "../contract/recorded-tap.ts";
import { partitionKey } from "../partition-key.ts";
import type { LogBroker } from "../ports/broker.ts";
import { isBrokerFault } from "../ports/errors.ts";
import { openRabbit } from "./broker.ts";
import { destinationOfExchange, destinationOfQueue, tapStreamOf } from "./names.ts";

const WITHIN_MS = 30_000;
const LIMITS = { maxRecords: 1000, maxBytes: 8 * 1024 * 1024, timeoutMs: 20_000 };

const rabbit = await startRabbit();

describe("RabbitMQ keeps the contract of a log", {
  skip: rabbit === null && "RabbitMQ cannot be started on this machine",
}, () => {
  const running = rabbit as RunningRabbit;
  const log = openLog("test");
  log.level = "silent";
  let broker: LogBroker;
  let user: ChannelModel;
  let channel: ConfirmChannel;
  const taps: RecordedTap[] = [];
  let made = 0;

  const asUser = async (): Promise<void> => {
    const { username, password } = running;
    user = await amqp.connect(running.address.replace("//", `//${username}:${password}@`));
    user.on("error", () => undefined);
    channel = await user.createConfirmChannel();
    channel.on("error", () => undefined);
  };
  before(async () => {
    const { address, managementUrl, username, password } = running;
    const config = { name: "test", system: "rabbitmq", brokers: [address], managementUrl, username, password };
    broker = openRabbit(RabbitClusterConfig.parse(config));
    await asUser();
  });
  after(async () => {
    await Promise.all(taps.map((tap) => tap.stop()));
    await user.close();
    await running.stop();
  });

  /** An exchange with a queue that gets what has the key `order.…`. */
  async function makeExchange(type = "topic"): Promise<{ readonly exchange: string; readonly queue: string }> {
    const [exchange, queue] = [`shop ${++made}/é`, `mail-${made}`];
    await channel.assertExchange(exchange, type, { durable: true });
    await channel.assertQueue(queue, { durable: true });
    await channel.bindQueue(queue, exchange, "order.#");
    return { exchange, queue };
  }
  const partitionOf = (exchange: string) => ({ topic: destinationOfExchange(exchange), partition: 0 });
  async function tapOf(exchange: string, from?: bigint): Promise<RecordedTap> {
    const key = partitionKey(partitionOf(exchange));
    const positions = new Map(from === undefined ? [] : [[key, from]]);
    const tap = recordTap(broker, asAssigned(destinationOfExchange(exchange), [0]), log, positions);
    taps.push(tap);
    await until("the tap is bound", WITHIN_MS, async () => (await bindingsOf(exchange)) > 0);
    return tap;
  }
  const bindingsOf = (exchange: string) => countBindings(running, exchange, tapStreamOf(exchange));
  const publish = async (exchange: string, key: string, from: number, count: number): Promise<void> => {
    for (let i = from; i < from + count; i++) channel.publish(exchange, key, Buffer.from(`${i}`));
    await channel.waitForConfirms();
  };
  const read = (tap: RecordedTap, exchange: string) => tap.records.get(partitionKey(partitionOf(exchange))) ?? [];
  const texts = (tap: RecordedTap, exchange: string) =>
    read(tap, exchange).map(({ value }) => Buffer.from(value ?? []).toString());
  const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => `${from + i}`);
  const depthOf = async (queue: string) => (await channel.checkQueue(queue)).messageCount;

  it("gives every message once and in order, and goes on at the position it is given", async () => {
    const { exchange } = await makeExchange();
    const first = await tapOf(exchange);
    await publish(exchange, "order.new", 0, 3000);
    await until("3000 messages", WITHIN_MS, () => first.count() >= 3000);
    assert.deepEqual(texts(first, exchange), numbers(0, 3000));
    assert.deepEqual(
      read(first, exchange).map(({ offset }) => Number(offset)),
      Array.from({ length: 3000 }, (_, i) => i),
    );
    await first.stop();
    await publish(exchange, "order.new", 3000, 10);
    const second = await tapOf(exchange, 2990n);
    await until("the last 20", WITHIN_MS, () => second.count() >= 20);
    assert.deepEqual(texts(second, exchange), numbers(2990, 20));
    assert.deepEqual(second.faults, []);
  });

  it("delivers bodies, headers and properties as they were sent, and reads them again by their positions", async () => {
    const { exchange } = await makeExchange();
    const tap = await tapOf(exchange);
    const large = Buffer.alloc(5 * 1024 * 1024, "x");
    channel.publish(exchange, "order.new", large, {
      headers: { traceparent: "00-1-2-01", n: 7, on: true, none: null, ümlaut: "ä" },
      messageId: "m1",
      type: "order.placed",
      appId: "shop",
      timestamp: 1_700_000_000,
      contentType: "application/json",
    });
    channel.publish(exchange, "order.old", Buffer.alloc(0));
    await channel.waitForConfirms();
    await until("2 messages", WITHIN_MS, () => tap.count() >= 2);
    const reader = broker.openReader();
    const { records, nextOffset } = await reader.read(partitionOf(exchange), 0n, LIMITS);
    assert.equal(nextOffset, 2n);
    for (const [one, other] of [read(tap, exchange), records]) {
      assert.equal(Buffer.compare(Buffer.from(one?.value ?? []), large), 0);
      assert.equal(one?.timestampMs, 1_700_000_000_000);
      assert.deepEqual(
        Object.fromEntries(one?.headers.map(([name, value]) => [name, value && Buffer.from(value).toString()]) ?? []),
        {
          traceparent: "00-1-2-01",
          n: "7",
          on: "true",
          none: null,
          ümlaut: "ä",
          "amqp.routing_key": "order.new",
          "amqp.message_id": "m1",
          "amqp.type": "order.placed",
          "amqp.app_id": "shop",
          "content-type": "application/json",
        },
      );
      assert.equal(other?.value?.length, 0);
    }
    await assert.rejects(reader.read(partitionOf(exchange), 99n, LIMITS), (error) =>
      isBrokerFault(error, "offset_out_of_range"),
    );
    await assert.rejects(reader.read({ topic: destinationOfQueue("mail-1"), partition: 0 }, 0n, LIMITS), (error) =>
      isBrokerFault(error, "refused"),
    );
    await reader.close();
  });

  it("changes nothing for publishers and consumers: returns, alternate exchanges, queues", async () => {
    const { exchange, queue } = await makeExchange();
    const spare = `${queue}-spare`;
    await channel.assertExchange(`${exchange}-spare`, "fanout", { durable: true });
    await channel.assertQueue(spare, { durable: true });
    await channel.bindQueue(spare, `${exchange}-spare`, "");
    await channel.assertExchange(`${exchange}-with`, "topic", {
      durable: true,
      alternateExchange: `${exchange}-spare`,
    });
    await channel.bindQueue(queue, `${exchange}-with`, "order.#");
    const returned: string[] = [];
    channel.on("return", ({ content }) => returned.push(content.toString()));
    const [one, other] = [await tapOf(exchange), await tapOf(`${exchange}-with`)];
    channel.publish(exchange, "nobody", Buffer.from("unwanted"), { mandatory: true });
    channel.publish(`${exchange}-with`, "nobody", Buffer.from("for the spare one"));
    channel.publish(exchange, "order.new", Buffer.from("wanted"), { mandatory: true });
    await channel.waitForConfirms();
    await until("the one that is wanted", WITHIN_MS, () => one.count() >= 1);
    assert.deepEqual(returned, ["unwanted"]);
    assert.equal(await depthOf(spare), 1);
    assert.equal(await depthOf(queue), 1);
    assert.deepEqual([texts(one, exchange), other.count()], [["wanted"], 0]);
  });

  it("follows bindings as they come and go, of all types of exchanges", async () => {
    const { exchange, queue } = await makeExchange();
    const tap = await tapOf(exchange);
    await channel.bindQueue(queue, exchange, "stock.*");
    await until("the new binding is copied", WITHIN_MS, async () => (await bindingsOf(exchange)) === 2);
    await channel.unbindQueue(queue, exchange, "order.#");
    await until("the old one is gone", WITHIN_MS, async () => (await bindingsOf(exchange)) === 1);
    await publish(exchange, "order.new", 0, 1);
    await publish(exchange, "stock.low", 1, 1);
    await until("what is bound now", WITHIN_MS, () => tap.count() >= 1);
    assert.deepEqual(texts(tap, exchange), ["1"]);

    const byHeader = `headers-${queue}`;
    await channel.assertExchange(byHeader, "headers", { durable: true });
    await channel.bindQueue(queue, byHeader, "", { "x-match": "any", country: "de", n: 1 });
    const second = await tapOf(byHeader);
    channel.publish(byHeader, "", Buffer.from("de"), { headers: { country: "de" } });
    channel.publish(byHeader, "", Buffer.from("fr"), { headers: { country: "fr" } });
    await channel.waitForConfirms();
    await until("the one that matches", WITHIN_MS, () => second.count() >= 1);
    assert.deepEqual(texts(second, byHeader), ["de"]);
  });

  it("counts what goes from one exchange to another once", async () => {
    const { exchange, queue } = await makeExchange();
    await channel.assertExchange(`${exchange}-next`, "fanout", { durable: true });
    await channel.bindExchange(`${exchange}-next`, exchange, "order.#");
    await channel.bindQueue(queue, `${exchange}-next`, "");
    const [one, next] = [await tapOf(exchange), await tapOf(`${exchange}-next`)];
    await publish(exchange, "order.new", 0, 3);
    await publish(`${exchange}-next`, "", 3, 2);
    await until("5 messages", WITHIN_MS, () => one.count() + next.count() >= 5);
    await sleep(300);
    assert.deepEqual([texts(one, exchange), texts(next, `${exchange}-next`)], [numbers(0, 3), numbers(3, 2)]);
  });

  it("names exchanges, queues and their consumers as they are", async () => {
    const { exchange, queue } = await makeExchange();
    await channel.assertQueue(`${queue}-quorum`, { durable: true, arguments: { "x-queue-type": "quorum" } });
    await channel.consume(queue, () => undefined, { consumerTag: "worker-1" });
    const inspector = broker.openInspector();
    await until("the consumer is listed", WITHIN_MS, async () => {
      const [group] = await inspector.groups([queue]);
      return group?.members.length === 1;
    });
    const destinations = await inspector.destinations();
    const readable = new Map(destinations.map(({ name, isReadable }) => [name, isReadable]));
    assert.equal(readable.get(destinationOfExchange(exchange)), true);
    assert.equal(readable.get(destinationOfQueue(queue)), false);
    assert.equal(readable.has(destinationOfExchange("")), false, "the default exchange takes no bindings");
    assert.equal(
      [...readable.keys()].some((name) => name.includes("flowtap.")),
      false,
    );
    const [group] = await inspector.groups([queue]);
    assert.deepEqual([group?.protocol, group?.state], ["queue", "stable"]);
    assert.deepEqual(group?.members[0]?.assignment, [{ topic: destinationOfQueue(queue), partition: 0 }]);
    await until("the other queue is known to have none", WITHIN_MS, async () => {
      const { groups } = await inspector.listGroups();
      return groups.find((one) => one.group === `${queue}-quorum`)?.state === "empty";
    });
    await channel.cancel("worker-1");
    await inspector.close();
  });

  it("knows the progress of a queue: what waits and what was consumed, never less than before", async () => {
    const { exchange, queue } = await makeExchange();
    const inspector = broker.openInspector();
    const progress = async () => {
      await sleep(1100);
      const [committed] = await inspector.committed([queue]);
      const [offsets] = await inspector.logOffsets([{ topic: destinationOfQueue(queue), partition: 0 }]);
      // A new queue is counted some seconds after it was made.
      return committed === undefined || offsets === undefined
        ? ([0, 0] as const)
        : ([Number(committed.offset), Number(offsets.endOffset)] as const);
    };
    const progressIs = async (committed: number, end: number) => {
      let seen: readonly [number, number] = [0, 0];
      await until("the counts", WITHIN_MS, async () => {
        const now = await progress();
        assert.ok(now[0] >= seen[0] && now[1] >= now[0], `${String(seen)}, then ${String(now)}`);
        seen = now;
        return now[0] === committed && now[1] === end;
      });
    };
    await progress();
    await publish(exchange, "order.new", 0, 7);
    await progressIs(0, 7);
    const taken: amqp.ConsumeMessage[] = [];
    await channel.consume(queue, (message) => message && taken.push(message), { consumerTag: "progress" });
    await until("7 are delivered", WITHIN_MS, () => taken.length === 7);
    await progressIs(0, 7);
    for (const message of taken) channel.ack(message);
    await progressIs(7, 7);
    await publish(exchange, "order.new", 7, 5);
    await until("5 more are delivered", WITHIN_MS, () => taken.length === 12);
    for (const message of taken.slice(7)) channel.ack(message);
    await progressIs(12, 12);
    await channel.cancel("progress");
    await inspector.close();
  });

  it("reads on when the broker is back, nothing twice and nothing left out", async () => {
    const { exchange } = await makeExchange();
    const tap = await tapOf(exchange);
    await publish(exchange, "order.new", 0, 100);
    await until("100 messages", WITHIN_MS, () => tap.count() >= 100);
    await running.restart();
    await asUser();
    await until("its streams are up again", WITHIN_MS, () => isUp(user, tapStreamOf(exchange)));
    await publish(exchange, "order.new", 100, 100);
    await until("200 messages", WITHIN_MS, () => tap.count() >= 200);
    assert.deepEqual(texts(tap, exchange), numbers(0, 200));
  });

  if (rabbit !== null) describeLogin(rabbit);
});
