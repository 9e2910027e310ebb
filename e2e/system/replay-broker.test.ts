/** Reading single stretches of a partition, on which a replay is built. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import kafkajs from "kafkajs";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import { LIMITS, openBrokerStage, text, type BrokerStage } from "./replay-broker-stage.ts";
import { testPublishing } from "./replay-publishing.ts";

let stage: BrokerStage;
before(async () => {
  stage = await openBrokerStage();
});
after(() => stage.stop());

describe("reading on a real broker", () => {
  for (const codec of ["None", "GZIP", "Snappy", "LZ4", "ZSTD"] as const) {
    it(`reads ${codec} batches, with keys, tombstones, duplicate headers and times as they were written`, async () => {
      const { reader, producer, aTopic } = stage;
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
    const { reader, producer, aTopic } = stage;
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
    const { reader, producer, aTopic, valuesOf } = stage;
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
    const { producer, aTopic, valuesOf } = stage;
    const topic = await aTopic(4);
    await producer.send({ topic, messages: [0, 1, 2, 3].map((partition) => ({ partition, value: `p${partition}` })) });
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => valuesOf(topic, i % 4)));
    assert.deepEqual(
      all.flat(),
      Array.from({ length: 40 }, (_, i) => `p${i % 4}`),
    );
  });
});

testPublishing(() => stage);
