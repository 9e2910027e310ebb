/** Publishing in transactions that fence an earlier publisher, on which a replay is built. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { OutgoingRecord } from "#lib/brokers/ports/publisher.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { LIMITS, text, type BrokerStage } from "./replay-broker-stage.ts";

const log = openLog("test");
log.level = "silent";

export function testPublishing(given: () => BrokerStage): void {
  let stage: BrokerStage;

  describe("publishing on a real broker", () => {
    before(() => {
      stage = given();
    });

    it("gives committed records only, and says where each was written", async () => {
      const { broker, kafka, aTopic, aRecord, valuesWhenSettled } = stage;
      const topic = await aTopic(2);
      const publisher = await broker.openPublisher("tx-commit");
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
      const { kafka, reader, producer, aTopic, valuesWhenSettled } = stage;
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
      const { broker, producer, aTopic, aRecord } = stage;
      const topic = await aTopic(6);
      const keys = Array.from({ length: 20 }, (_, i) => `cust-${i}`);
      const publisher = await broker.openPublisher("tx-keys");
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

    it("keeps headers as they are: names from hell, doubled ones in their order, missing values", async () => {
      const { broker, aTopic, aRecord, stretchWhenSettled } = stage;
      const topic = await aTopic();
      const publisher = await broker.openPublisher("tx-headers");
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
        [[Buffer.from("one").toString("hex"), "ff00"], ["78"], [null]],
      );
    });

    it("refuses what the broker refuses, leaves nothing behind, and goes on", async () => {
      const { broker, aTopic, aRecord, valuesWhenSettled } = stage;
      const topic = await aTopic(1, { "max.message.bytes": "1000" });
      const publisher = await broker.openPublisher("tx-refused");
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
      const { broker, kafka, aTopic, aRecord, valuesWhenSettled } = stage;
      const topic = await aTopic();
      const left = kafka.producer({ transactionalId: "tx-fence", idempotent: true, maxInFlightRequests: 1 });
      await left.connect();
      const open = await left.transaction();
      await open.send({ topic, messages: [{ partition: 0, value: "never committed" }] });
      const publisher = await broker.openPublisher("tx-fence");
      await assert.rejects(open.commit());
      await publisher.publish([aRecord(topic, "mine")]);
      await Promise.all([publisher.close(), left.disconnect()]);
      await valuesWhenSettled(topic, ["mine"]);
    });
  });
}
