import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { insertPositions, readPositions } from "./positions.ts";
import { registerTopics, type FoundTopic } from "./topics.ts";

describe("the topics of a cluster on a real Postgres", () => {
  let postgres: MigratedPostgres;
  let pool: pg.Pool;
  let clusterId = 0;
  before(async () => {
    postgres = await startMigratedPostgres();
    ({ pool } = postgres.database);
    const { rows } = await pool.query<{ id: number }>(
      "INSERT INTO clusters (name, system) VALUES ('c', 'kafka') RETURNING id",
    );
    clusterId = rows[0]?.id ?? 0;
    await pool.query("INSERT INTO destinations (cluster_id, name) VALUES ($1, 'orders')", [clusterId]);
  });
  after(() => postgres.stop());

  it("takes a topic's role from the configuration first, then from its name", async () => {
    const found = (
      topic: string,
      declared: FoundTopic["declared"],
      role: FoundTopic["role"] = "event",
    ): FoundTopic => ({
      topic,
      topicId: null,
      role: declared?.role ?? role,
      declared,
      partitionCount: 1,
      replication: 1,
      tapped: true,
    });
    const registered = async (...topics: readonly FoundTopic[]) => {
      await registerTopics(pool, clusterId, topics, () => Promise.resolve([]));
      const { rows } = await pool.query<{ line: string }>(
        `
          SELECT concat_ws(' ', d.name, d.role, s.name) AS line
          FROM destinations d
          LEFT JOIN destinations s ON s.id = d.source_id
          WHERE d.name LIKE 'by-%'
          ORDER BY d.name`,
      );
      return rows.map(({ line }) => line);
    };
    assert.deepEqual(
      await registered(
        found("by-a", null),
        found("by-b", null, "dead_letter"),
        found("by-c", { role: "dead_letter", source: "orders" }),
      ),
      ["by-a event", "by-b dead_letter", "by-c dead_letter orders"],
    );
    assert.deepEqual(
      await registered(
        found("by-a", { role: "retry", source: "orders" }),
        found("by-b", { role: "retry", source: null }),
        found("by-c", { role: "dead_letter", source: "nowhere" }),
      ),
      ["by-a retry orders", "by-b retry", "by-c dead_letter orders"],
    );
    await pool.query("DELETE FROM destinations WHERE name LIKE 'by-%'");
  });

  it("keeps what was read of a topic apart from one of its name that was made later", async () => {
    const [first, second] = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"];
    const made = async (topicId: string | null) => {
      const topic: FoundTopic = {
        topic: "remade",
        topicId,
        role: "event",
        declared: null,
        partitionCount: 1,
        replication: 1,
        tapped: true,
      };
      return (await registerTopics(pool, clusterId, [topic], () => Promise.resolve([]))).get("remade") ?? 0;
    };
    const former = await made(first);
    assert.equal(await made(null), former, "an answer without an id changes nothing");
    await insertPositions(pool, [{ destinationId: former, partition: 0, next: 9n }]);
    const latter = await made(second);
    assert.notEqual(latter, former);
    assert.equal(await made(second), latter);
    const last = await made(first);
    const { rows } = await pool.query<{ line: string }>(
      `
        SELECT concat_ws(' ', name, generation, generation_of, gone_at IS NOT NULL, tapped) AS line
        FROM destinations
        WHERE id = ANY($1)
        ORDER BY id`,
      [[former, latter, last]],
    );
    assert.deepEqual(
      rows.map(({ line }) => line),
      ["remade~1 1 remade t f", "remade~2 2 remade t f", "remade 3 f t"],
    );
    const positions = [former, latter].map((destinationId) => ({ destinationId, partition: 0 }));
    assert.deepEqual(await readPositions(pool, positions), [{ next: 9n, resumeFrom: 9n, leaderEpoch: -1 }, null]);
  });
});
