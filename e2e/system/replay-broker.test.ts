/** What a replay stands on: reading single stretches, and writing in transactions that fence. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import kafkajs from "kafkajs";
import type { LogBroker } from "#lib/brokers/ports/broker.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { OutgoingRecord } from "#lib/brokers/ports/publisher.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import { openBroker } from "#lib/brokers/open.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { openTestKafka } from "../stack/kafka-client.ts";
import { startKafka } from "../stack/stack.ts";
import { createTopicOn } from "./replay-world.ts";

const log = openLog("test");
log.level = "silent";
const LIMITS = { maxRecords: 1000, maxBytes: 10_000_000, timeoutMs: 10_000 };
const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString());

describe("reading and publishing on a real broker", () => {
  let stop: () => Promise<void>;
  let broker: LogBroker;
  let kafka: kafkajs.Kafka;
  let reader: Reader;
  let producer: kafkajs.Producer;
  let topics = 0;

  const aTopic = async (partitions = 1, settings: Record<string, string> = {}): Promise<string> => {
    const topic = `t${++topics}`;
    const admin = kafka.admin();
    await createTopicOn(admin, topic, partitions, settings);
    await admin.disconnect();
    return topic;
  };
  const aRecord = (topic: string, value: string, partition: number | null = 0): OutgoingRecord => ({
    topic,
    partition,
    key: Buffer.from("k"),
    value: Buffer.from(value),
    headers: [],
  });
  const valuesOf = async (topic: string, partition = 0, from = 0n) =>
    (await reader.read({ topic, partition }, from, LIMITS)).records.map((record) => text(record.value));
  /** A commit is answered before its markers are written: what it made visible comes a moment later. */
  const stretchWhenSettled = async (topic: string, partition: number, from: bigint, records: number) => {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const stretch = await reader.read({ topic, partition }, from, LIMITS);
      if (stretch.records.length >= records || Date.now() > deadline) return stretch;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const valuesWhenSettled = async (topic: string, expected: readonly string[], partition = 0, from = 0n) => {
    const { records } = await stretchWhenSettled(topic, partition, from, expected.length);
    assert.deepEqual(
      records.map((record) => text(record.value)),
      expected,
    );
  };

  before(async () => {
    const running = await startKafka();
    stop = () => running.stop();
    broker = openBroker(ClusterConfig.parse({ name: "test", brokers: running.brokers }));
    kafka = openTestKafka(running.brokers);
    reader = broker.openReader();
    producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
  });
  after(async () => {
    await reader.close();
    await producer.disconnect();
    await stop();
  });

  for (const codec of ["None", "GZIP", "Snappy", "LZ4", "ZSTD"] as const) {
    it(`reads ${codec} batches, with keys, tombstones, duplicate headers and times as they were written`, async () => {
      const topic = await aTopic();
      await producer.send({
        topic,
        compression: kafkajs.CompressionTypes[codec],
        messages: [
          { key: "a", value: "1", timestamp: "1700000000000", headers: { h: ["x", "y"], g: "z" } },
          { key: "b", value: null, timestamp: "1700000000001" },
        ],
      });
      const { records, nextOffset } = await reader.read({ topic, partition: 0 }, 0n, LIMITS);
      assert.equal(nextOffset, 2n);
      assert.deepEqual(
        records.map((record) => ({
          offset: record.offset,
          at: record.timestampMs,
          key: text(record.key),
          value: text(record.value),
          headers: record.headers.map(([name, value]) => [name, text(value)]),
        })),
        [
          {
            offset: 0n,
            at: 1700000000000,
            key: "a",
            value: "1",
            headers: [
              ["h", "x"],
              ["h", "y"],
              ["g", "z"],
            ],
          },
          { offset: 1n, at: 1700000000001, key: "b", value: null, headers: [] },
        ],
      );
    });
  }

  it("begins in the middle of a batch and keeps to its limits", async () => {
    const topic = await aTopic();
    await producer.send({
      topic,
      messages: Array.from({ length: 100 }, (_, i) => ({ value: `${i}`.padStart(1000, "0") })),
    });
    const few = await reader.read({ topic, partition: 0 }, 40n, { ...LIMITS, maxRecords: 5 });
    assert.deepEqual([few.records.map(({ offset }) => offset), few.nextOffset], [[40n, 41n, 42n, 43n, 44n], 45n]);
    const small = await reader.read({ topic, partition: 0 }, 40n, { ...LIMITS, maxBytes: 2500 });
    assert.deepEqual([small.records.length, small.nextOffset], [2, 42n]);
    const oversized = await reader.read({ topic, partition: 0 }, 40n, { ...LIMITS, maxBytes: 10 });
    assert.equal(oversized.records.length, 1, "one record comes whatever its size");
  });

  it("is at once done at the end of the log, and says when an offset is not in it", async () => {
    const topic = await aTopic();
    await producer.send({ topic, messages: [{ value: "only" }] });
    assert.deepEqual(await reader.read({ topic, partition: 0 }, 1n, LIMITS), { records: [], nextOffset: 1n });
    await assert.rejects(
      reader.read({ topic, partition: 0 }, 9n, LIMITS),
      (error: Error) =>
        isBrokerFault(error, "offset_out_of_range") &&
        error.message === `offset 9 of ${topic}[0] is not in the log: it holds 0 to 1`,
    );
    assert.deepEqual(await valuesOf(topic), ["only"], "and reads on as if nothing had been");
    await assert.rejects(reader.read({ topic: "nowhere", partition: 0 }, 0n, LIMITS), /nowhere/);
    await assert.rejects(reader.read({ topic, partition: 7 }, 0n, LIMITS), /there is no t\d+\[7\]/);
  });

  it("serves many reads at once", async () => {
    const topic = await aTopic(4);
    await producer.send({ topic, messages: [0, 1, 2, 3].map((partition) => ({ partition, value: `p${partition}` })) });
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => valuesOf(topic, i % 4)));
    assert.deepEqual(
      all.flat(),
      Array.from({ length: 40 }, (_, i) => `p${i % 4}`),
    );
  });

  it("gives committed records only, and says where each was written", async () => {
    const topic = await aTopic(2);
    const publisher = await broker.openPublisher("tx-commit", log);
    const foreign = kafka.producer({ transactionalId: "tx-foreign", idempotent: true, maxInFlightRequests: 1 });
    await foreign.connect();
    const aborted = await foreign.transaction();
    await aborted.send({ topic, messages: [{ partition: 0, value: "aborted" }] });
    await aborted.abort();
    const placed = await publisher.publish([aRecord(topic, "a", 0), aRecord(topic, "b", 1), aRecord(topic, "c", 0)]);
    await publisher.publish([aRecord(topic, "d", 0)]);
    await Promise.all([publisher.close(), foreign.disconnect()]);
    assert.deepEqual(
      placed.map(({ partition }) => partition),
      [0, 1, 0],
    );
    await valuesWhenSettled(topic, ["a", "c", "d"]);
    await valuesWhenSettled(topic, ["c", "d"], 0, placed[2]?.offset);
  });

  it("passes long stretches of aborted transactions", async () => {
    const topic = await aTopic();
    const foreign = kafka.producer({ transactionalId: "tx-aborting", idempotent: true, maxInFlightRequests: 1 });
    await foreign.connect();
    for (let i = 0; i < 5; i++) {
      const aborted = await foreign.transaction();
      await aborted.send({ topic, messages: Array.from({ length: 20 }, () => ({ value: "x".repeat(1000) })) });
      await aborted.abort();
    }
    await foreign.disconnect();
    await producer.send({ topic, messages: [{ value: "last" }] });
    await valuesWhenSettled(topic, ["last"]);
    const { records, nextOffset } = await reader.read({ topic, partition: 0 }, 0n, { ...LIMITS, maxBytes: 5000 });
    assert.deepEqual([records.map(({ value }) => text(value)), nextOffset], [["last"], 106n]);
  });

  it("chooses the partition by key as Kafka's own producers do", async () => {
    const topic = await aTopic(6);
    const keys = Array.from({ length: 20 }, (_, i) => `cust-${i}`);
    const publisher = await broker.openPublisher("tx-keys", log);
    const placed = await publisher.publish(
      keys.map((key) => ({ ...aRecord(topic, key, null), key: Buffer.from(key) })),
    );
    await publisher.close();
    const sent = await Promise.all(keys.map((key) => producer.send({ topic, messages: [{ key, value: key }] })));
    assert.deepEqual(
      placed.map(({ partition }) => partition),
      sent.map(([first]) => first?.partition),
    );
  });

  it("keeps headers as they are, names from hell included; only a missing value becomes an empty one", async () => {
    const topic = await aTopic();
    const publisher = await broker.openPublisher("tx-headers", log);
    const headers: OutgoingRecord["headers"] = [
      ["traceparent", Buffer.from("one")],
      ["__proto__", Buffer.from("x")],
      ["empty", null],
      ["traceparent", Buffer.from([0xff, 0])],
    ];
    await publisher.publish([{ ...aRecord(topic, "v"), headers }]);
    await publisher.close();
    const { records } = await stretchWhenSettled(topic, 0, 0n, 1);
    const by = (name: string) =>
      records[0]?.headers
        .filter(([header]) => header === name)
        .map(([, value]) => value && Buffer.from(value).toString("hex"));
    assert.deepEqual(
      [by("traceparent"), by("__proto__"), by("empty")],
      [[Buffer.from("one").toString("hex"), "ff00"], ["78"], [""]],
    );
  });

  it("refuses what the broker refuses, leaves nothing behind, and goes on", async () => {
    const topic = await aTopic(1, { "max.message.bytes": "1000" });
    const publisher = await broker.openPublisher("tx-refused", log);
    const noise = Buffer.from(Array.from({ length: 4000 }, (_, i) => ((i * 7919) % 251) ^ (i >> 3)));
    await assert.rejects(
      publisher.publish([aRecord(topic, "small"), { ...aRecord(topic, ""), value: noise }]),
      (error: Error) => isBrokerFault(error, "records_refused") && error.message.startsWith("MESSAGE_TOO_LARGE"),
    );
    await publisher.publish([aRecord(topic, "after")]);
    await assert.rejects(publisher.publish([aRecord("nowhere", "x")]), (error) =>
      isBrokerFault(error, "records_refused"),
    );
    await publisher.close();
    await valuesWhenSettled(topic, ["after"]);
  });

  it("fences an earlier publisher of the same id and ends what that left open", async () => {
    const topic = await aTopic();
    const left = kafka.producer({ transactionalId: "tx-fence", idempotent: true, maxInFlightRequests: 1 });
    await left.connect();
    const open = await left.transaction();
    await open.send({ topic, messages: [{ partition: 0, value: "never committed" }] });
    const publisher = await broker.openPublisher("tx-fence", log);
    await assert.rejects(open.commit());
    await publisher.publish([aRecord(topic, "mine")]);
    await Promise.all([publisher.close(), left.disconnect()]);
    await valuesWhenSettled(topic, ["mine"]);
  });
});
