/**
 * Batches made by Kafka's own producer, in every form it knows: our readers give the records that its own consumer
 * gives with isolation level read_committed.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { ReadLimits } from "../ports/reader.ts";
import { KafkaClusterConfig } from "#lib/config/cluster.ts";
import type { RunningKafka } from "#lib/demo/stack/kafka.ts";
import { runJavaApp, whyNoJavaApps } from "#e2e/stack/java-app.ts";
import { openRandom, SEED } from "#e2e/stack/seed.ts";
import { startKafka, temporaryFolder } from "#e2e/stack/stack.ts";
import { openKafka } from "./broker.ts";
import { censusOf } from "./census.test-data.ts";
import { readByLogSource, readByReader } from "./java-batches.test-data.ts";

const missing = await whyNoJavaApps();
const TOPICS = { mixed: 3, "append-time": 1, compacted: 2, odd: 1, tiny: 5 };
const FROM_THE_MIDDLE = 6;

describe("batches of a Java producer", { skip: missing ?? false, timeout: 280_000 }, () => {
  let kafka: RunningKafka;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const ends = new Map<string, bigint[]>();
  /** by topic and partition, what the Java consumer was given */
  const expected = new Map<string, string[][]>();

  before(async () => {
    folder = await temporaryFolder("java-batches");
    kafka = await startKafka({ settings: { "log.cleaner.backoff.ms": "100" } });
    await runJavaApp("kafka-batches", "batches.Main", [kafka.brokers.join(","), `${SEED}`, folder.dir]);
    const inspector = openKafka(KafkaClusterConfig.parse({ name: "test", brokers: kafka.brokers })).openInspector();
    for (const [topic, partitions] of Object.entries(TOPICS)) {
      const refs = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
      const offsets = await inspector.logOffsets(refs);
      ends.set(
        topic,
        refs.map(({ partition }) => offsets.find((at) => at.partition === partition)?.endOffset ?? -1n),
      );
      const lines = (await readFile(path.join(folder.dir, topic), "utf8")).trimEnd().split("\n");
      const byPartition = Map.groupBy(lines, (line) => Number(line.slice(0, line.indexOf(" "))));
      expected.set(
        topic,
        refs.map(({ partition }) => byPartition.get(partition) ?? []),
      );
    }
    await inspector.close();
  });
  after(async () => {
    await kafka?.stop();
    await folder?.remove();
  });

  const endsOf = (topic: string): bigint[] => ends.get(topic) ?? [];
  const expectedOf = (topic: string, partition: number): string[] => expected.get(topic)?.[partition] ?? [];

  it("are of every form", async (t) => {
    const census = await censusOf(
      kafka.brokers,
      Object.keys(TOPICS).flatMap((topic) => endsOf(topic).map((_, partition) => ({ topic, partition }))),
    );
    t.diagnostic([...census].map(([form, count]) => `${form} ${count}`).join(", "));
    for (const form of [
      "none",
      "gzip",
      "snappy",
      "lz4",
      "zstd",
      "control",
      "transactional",
      "aborted",
      "not idempotent",
    ])
      assert.ok((census.get(form) ?? 0) > 0, form);
    for (const form of ["append time", "empty", "with holes"]) assert.ok((census.get(form) ?? 0) > 0, form);
    assert.equal(census.get("huge"), 5, "200,000 records in one batch of each codec");
  });

  for (const topic of Object.keys(TOPICS)) {
    it(`${topic}: are read alike by the tap`, async (t) => {
      t.diagnostic(`repeat with FLOWTAP_TEST_SEED=${SEED}`);
      const read = await readByLogSource(kafka.brokers, topic, endsOf(topic));
      read.forEach((lines, partition) => assertSame(lines, expectedOf(topic, partition)));
    });

    it(`${topic}: are read alike by the pages, in stretches of any size and from any offset`, async (t) => {
      const random = openRandom(topic, (line) => t.diagnostic(line));
      // A stretch ends after some records or bytes: one of few records of a huge batch would read that again and again.
      const fewest = topic === "tiny" ? 20_000 : 1;
      const limits = (): ReadLimits => ({
        maxRecords: fewest + Math.floor(random() * 40_000 * random() ** 3),
        maxBytes: 1 + Math.floor(random() * 16_000_000 * random() ** 3) + (topic === "tiny" ? 1_000_000 : 0),
        timeoutMs: 30_000,
      });
      for (const [partition, end] of endsOf(topic).entries()) {
        const lines = expectedOf(topic, partition);
        assertSame(await readByReader(kafka.brokers, { topic, partition }, { from: 0n, end, limits }), lines);
        if (topic === "tiny") continue;
        for (let tries = 0; tries < FROM_THE_MIDDLE; tries++) {
          const from = BigInt(Math.floor(random() * Number(end)));
          const read = await readByReader(kafka.brokers, { topic, partition }, { from, end, limits });
          assertSame(
            read,
            lines.filter((line) => BigInt(line.split(" ")[1] ?? "") >= from),
          );
        }
      }
    });
  }
});

/** Names the first difference: the lists are far too long to be shown. */
function assertSame(read: readonly string[], wanted: readonly string[]): void {
  const at = wanted.findIndex((line, i) => line !== read[i]);
  if (at >= 0) assert.equal(read[at], wanted[at], `record ${at} of ${wanted.length}`);
  assert.equal(read.length, wanted.length);
}
