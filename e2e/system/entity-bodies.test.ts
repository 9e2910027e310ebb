import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Kafka, logLevel, type Admin, type Producer } from "kafkajs";
import { startKafka } from "#e2e/stack/stack.ts";
import { openBroker } from "#lib/brokers/open.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { readBodies, type Found } from "#lib/queries/entity-bodies.ts";
import { createTopics } from "./create-topics.ts";

const BUDGET_MS = 20_000;
const GONE = "its body is no longer in the topic";
/** Twelve of them are more than one read brings. */
const LARGE = "x".repeat(100_000);

const at = (topic: string, ...positions: number[]) =>
  positions.map((position) => ({ topic, partition: 0, position: BigInt(position) }));
const read = (found: readonly Found[]) =>
  found.map((one) =>
    one.kind === "body" ? (one.value as { n: number }).n : one.kind === "gap" ? one.reason : one.kind,
  );

describe("bodies of the events of a key", () => {
  let kafka: Awaited<ReturnType<typeof startKafka>>;
  let admin: Admin;
  let producer: Producer;
  let broker: Reader;
  const reads: string[] = [];
  /** the broker's own, noting what it is asked */
  const reader: Reader = {
    read: (partition, from, limits) => {
      reads.push(`${partition.topic} ${from}+${limits.maxRecords}`);
      return broker.read(partition, from, limits);
    },
    close: () => broker.close(),
  };

  before(async () => {
    kafka = await startKafka();
    const client = new Kafka({ clientId: "test", brokers: [...kafka.brokers], logLevel: logLevel.NOTHING });
    admin = client.admin();
    producer = client.producer({ allowAutoTopicCreation: false });
    await Promise.all([admin.connect(), producer.connect()]);
    await createTopics(
      admin,
      ["small", "other", "large", "cut"].map((topic) => ({ topic, numPartitions: 1 })),
    );
    const messages = Array.from({ length: 300 }, (_, n) => ({
      key: n % 2 === 0 ? "k" : "another",
      value: n === 4 ? null : JSON.stringify({ n }),
    }));
    for (const topic of ["small", "other", "cut"]) await producer.send({ topic, messages });
    for (let n = 0; n < 24; n += 6)
      await producer.send({
        topic: "large",
        messages: Array.from({ length: 6 }, (_, i) => ({ key: "k", value: JSON.stringify({ n: n + i, note: LARGE }) })),
      });
    await admin.fetchTopicOffsets("cut"); // kafkajs deletes only from topics that it has looked at
    await admin.deleteTopicRecords({ topic: "cut", partitions: [{ partition: 0, offset: "10" }] });
    broker = openBroker(ClusterConfig.parse({ name: "test", brokers: [...kafka.brokers] })).openReader();
  });
  after(async () => {
    await broker.close();
    await Promise.all([admin.disconnect(), producer.disconnect()]);
    await kafka.stop();
  });

  it("come in the order of the events, those that lie near each other by one read", async () => {
    reads.length = 0;
    assert.deepEqual(
      read(
        await readBodies(reader, "k", [...at("small", 40, 2, 4), ...at("other", 8), ...at("small", 290)], BUDGET_MS),
      ),
      [40, 2, "tombstone", 8, 290],
    );
    assert.deepEqual(reads.toSorted(), ["other 8+1", "small 2+39", "small 290+1"]);
  });

  it("are read on where one read brings not all of them", async () => {
    reads.length = 0;
    assert.deepEqual(
      read(await readBodies(reader, "k", at("large", ...Array.from({ length: 24 }, (_, n) => n)), BUDGET_MS)),
      Array.from({ length: 24 }, (_, n) => n),
    );
    assert.ok(reads.length > 1 && reads.length < 12, reads.join(", "));
  });

  it("are missing one by one: deleted, of another key, or past the end", async () => {
    assert.deepEqual(read(await readBodies(reader, "k", at("cut", 6, 8, 10, 11, 12, 298, 310, 312), BUDGET_MS)), [
      GONE,
      GONE,
      10,
      GONE,
      12,
      298,
      GONE,
      GONE,
    ]);
  });

  it("are left out when time is up", async () => {
    assert.deepEqual(
      read(await readBodies(reader, "k", at("small", 2, 290), 0)),
      Array(2).fill("its body could not be read in time"),
    );
  });
});
