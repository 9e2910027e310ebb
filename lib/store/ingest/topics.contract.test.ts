import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type pg from "pg";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
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
});
