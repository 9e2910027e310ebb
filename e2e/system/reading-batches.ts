/** Batches that are small on the way and large once they are unpacked, or hold nothing; names that fit no index. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { peakMemoryMiB } from "#e2e/stack/memory.ts";
import { batchOf, type RawProducer } from "#e2e/stack/raw-producer.ts";
import { createTopicOn } from "#e2e/stack/create-topic.ts";
import { allow, takeBack } from "./reading-login.ts";
import { countIndex, readIndex, until, type TapStage } from "./tap-stage.ts";

const WITHIN_MS = 60_000;
const MIB = 1024 * 1024;
const ZEROS = { batches: 60, bytes: 60 * MIB };
/** What a tap takes for itself, and three times what one fetch may unpack. */
const MOST_TAP_MEMORY_MIB = 550;
/** What three reads at once may hold of what one fetch may unpack, in a process that has it twice for a moment. */
const MOST_READER_MEMORY_MIB = 500;

export interface BatchStage extends TapStage {
  readonly admin: Admin;
  readonly rawProducer: RawProducer;
  readonly tapPid: number;
}

export function testBatches(stageOf: () => BatchStage): void {
  const indexed = (topic: string, count: number) =>
    until(`${count} events of ${topic}`, WITHIN_MS, async () => (await countIndex(stageOf(), topic)) === count);
  const openReader = () =>
    openBroker(ClusterConfig.parse({ name: "test", brokers: stageOf().kafka.brokers })).openReader();

  it("an event type of 2,040 characters with a schema version of 1,010 digits", async () => {
    const { producer, pool, admin } = stageOf();
    await createTopicOn(admin, "names", 1);
    const headers = { ce_id: "1", ce_source: "/x", ce_type: "t".repeat(2040), ce_dataschema: `/v${"1".repeat(1010)}` };
    await producer.send({ topic: "names", messages: [{ value: "1", headers }, { value: "2" }] });
    await indexed("names", 2);
    const { rows } = await pool.query<{ name: string }>("SELECT name FROM event_types WHERE name LIKE 'ttt%'");
    assert.deepEqual(
      rows.map(({ name }) => name.length),
      [200],
    );
  });

  it("a batch that compaction has emptied, before records of 700 kB", async () => {
    const { client, producer, admin } = stageOf();
    await allow(admin, [["DENY READ", "TOPIC", "emptied"]]);
    await createTopicOn(admin, "emptied", 1, {
      "cleanup.policy": "compact",
      "segment.ms": "100",
      "min.cleanable.dirty.ratio": "0.0001",
    });
    const idempotent = client.producer({ idempotent: true, maxInFlightRequests: 1 });
    await idempotent.connect();
    await idempotent.send({ topic: "emptied", messages: [{ key: "k", value: "overwritten" }] });
    await idempotent.disconnect();
    const large = "x".repeat(700_000);
    // Each begins a segment; the last of them is never cleaned, nor are others by what it holds.
    for (const key of ["large-1", "large-2", "k", "last"]) {
      await sleep(150);
      await producer.send({ topic: "emptied", messages: [{ key, value: large }] });
    }
    const reader = openReader();
    await until("the broker has cleaned it", WITHIN_MS, async () => {
      const limits = { maxRecords: 1, maxBytes: 1, timeoutMs: 5000 };
      const { records } = await reader.read({ topic: "emptied", partition: 0 }, 0n, limits);
      return records[0]?.offset === 1n;
    });
    await reader.close();
    await takeBack(admin, ["DENY READ", "TOPIC", "emptied"]);
    await indexed("emptied", 4);
    assert.deepEqual(await readIndex(stageOf(), "emptied"), ["0 1", "0 2", "0 3", "0 4"]);
  });

  it("60 batches of 60 MiB of zeros in a row, and one of more than is unpacked", async (t) => {
    const { rawProducer, pool, tapPid, admin } = stageOf();
    await createTopicOn(admin, "zeros", 1);
    const zeros = (bytes: number) => batchOf([Buffer.alloc(bytes)], "zstd");
    const [batch, tooLarge] = [zeros(ZEROS.bytes), zeros(70 * MIB)];
    for (let i = 0; i < ZEROS.batches; i++) await rawProducer.send("zeros", 0, batch);
    await rawProducer.send("zeros", 0, tooLarge);
    await rawProducer.send("zeros", 0, batchOf([Buffer.from("behind")]));
    await indexed("zeros", ZEROS.batches + 1);
    const { rows } = await pool.query<{ position: string }>(
      `
        SELECT q.position
        FROM quarantine q
        JOIN destinations d ON d.id = q.destination_id
        WHERE d.name = 'zeros'`,
    );
    assert.deepEqual(rows, [{ position: `${ZEROS.batches}` }]);
    const peak = await peakMemoryMiB(tapPid);
    t.diagnostic(`the tap's memory: at most ${peak} MiB`);
    assert.ok(peak === null || peak < MOST_TAP_MEMORY_MIB, `${peak} MiB`);
  });

  it("the same in the reader that the pages use, three at once", async (t) => {
    const reader = openReader();
    const before = process.memoryUsage().rss;
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
    const read = (from: bigint) =>
      reader.read({ topic: "zeros", partition: 0 }, from, { maxRecords: 200, maxBytes: 8 * MIB, timeoutMs: 30_000 });
    const [first, middle, last] = await Promise.all([0n, 30n, BigInt(ZEROS.batches)].map(read));
    clearInterval(timer);
    await reader.close();
    assert.equal(first?.records[0]?.value?.length, ZEROS.bytes);
    assert.equal(middle?.records[0]?.value?.length, ZEROS.bytes);
    assert.match(last?.records[0]?.unreadable ?? "", /./);
    const grown = Math.round((most - before) / MIB);
    t.diagnostic(`the reader's memory: ${grown} MiB`);
    assert.ok(grown < MOST_READER_MEMORY_MIB, `${grown} MiB`);
  });
}
