import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { describe, it } from "node:test";
import { Kafka, logLevel } from "kafkajs";
import pg from "pg";
import { freePort, isPortFree } from "#lib/demo/stack/ports.ts";
import { startKafka, startPostgres } from "#e2e/stack/stack.ts";

describe("ports", () => {
  it("gives the preferred port when it is free and another when it is taken", async () => {
    const preferred = await freePort();
    assert.equal(await freePort(preferred), preferred);
    const server = net.createServer().listen(preferred, "127.0.0.1");
    await once(server, "listening");
    assert.equal(await isPortFree(preferred), false);
    assert.notEqual(await freePort(preferred), preferred);
    server.close();
  });
});

describe("postgres", () => {
  it("keeps its data and address over kill -9 and restart", async () => {
    const postgres = await startPostgres();
    try {
      const query = async (sql: string) => {
        const client = new pg.Client({ connectionString: postgres.url });
        await client.connect();
        try {
          return (await client.query<{ n: number }>(sql)).rows;
        } finally {
          await client.end();
        }
      };
      await query("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)");
      await postgres.kill9();
      await assert.rejects(query("SELECT 1"));
      await postgres.restart();
      assert.deepEqual(await query("SELECT n FROM kept"), [{ n: 42 }]);
    } finally {
      await postgres.stop();
    }
    assert.equal(await isPortFree(postgres.port), true);
  });

  it("restarts at once after kill -9 while a connection is busy, several times", { timeout: 60_000 }, async () => {
    const postgres = await startPostgres();
    try {
      for (let kill = 1; kill <= 3; kill += 1) {
        const client = new pg.Client({ connectionString: postgres.url });
        client.on("error", () => undefined);
        await client.connect();
        // The backend neither reads nor waits, so that it cannot notice the end of its server.
        await client.query("CREATE TABLE IF NOT EXISTS busy (kill int)");
        await client.query("INSERT INTO busy VALUES ($1)", [kill]);
        const isBroken = assert.rejects(client.query("DO $$ BEGIN LOOP END LOOP; END $$"));
        await postgres.kill9();
        await postgres.restart();
        await isBroken;
        const again = new pg.Client({ connectionString: postgres.url });
        await again.connect();
        assert.equal((await again.query("SELECT * FROM busy")).rowCount, kill);
        await again.end();
      }
    } finally {
      await postgres.stop();
    }
  });
});

describe("kafka", () => {
  it("keeps its records and address over kill -9 and restart", async () => {
    const kafka = await startKafka();
    try {
      const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
      const producer = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).producer();
      await admin.connect();
      await admin.createTopics({ waitForLeaders: true, topics: [{ topic: "kept", numPartitions: 1 }] });
      await producer.connect();
      await producer.send({ topic: "kept", messages: [{ value: "1" }, { value: "2" }] });
      await producer.disconnect();
      await kafka.kill9();
      await kafka.restart();
      const offsets = await admin.fetchTopicOffsets("kept");
      assert.equal(offsets[0]?.high, "2");
      await admin.disconnect();
    } finally {
      await kafka.stop();
    }
  });
});
