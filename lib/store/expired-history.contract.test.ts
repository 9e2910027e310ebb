/** What people did is deleted when it is old, and nothing that is open or shown. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { ensurePartitions } from "./db/hourly-partitions.ts";
import { deleteExpiredHistory } from "./expired-history.ts";

const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY_MS);

describe("expired history", () => {
  let postgres: MigratedPostgres;
  before(async () => {
    postgres = await startMigratedPostgres();
    await ensurePartitions(postgres.database.pool, new Date());
    await postgres.client.query(`
      INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka');
      INSERT INTO destinations (id, cluster_id, name, gone_at) VALUES
        (1, 1, 'there', NULL), (2, 1, 'just gone', now()), (3, 1, 'long gone', now() - interval '30 days'),
        (4, 1, 'gone, with a failure', now() - interval '30 days'),
        (5, 1, 'gone, with events', now() - interval '30 days');
      INSERT INTO event_batches (
        stored_at, destination_id, partition, first_position, last_position, first_occurred_at, last_occurred_at,
        events, xid
      ) VALUES (now(), 5, 0, 0, 0, now(), now(), 1, 1);
      INSERT INTO partition_offsets (destination_id, partition, log_start_offset, end_offset, observed_at)
        SELECT d, 0, 0, 1, now() FROM generate_series(1, 5) d;
      INSERT INTO failures (
        cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title, status, stored_at
      )
        SELECT 1, 4, 0, n, now(), 'spring', 'known', 'x', CASE n WHEN 0 THEN 'open' ELSE 'replaying' END, now()
        FROM generate_series(0, 1) n;
      INSERT INTO failure_notes (fingerprint, at, by, text) VALUES
        ('known', now() - interval '100 days', 'ada', 'a'), ('gone', now() - interval '100 days', 'ada', 'b'),
        ('gone', now(), 'ada', 'c');
      INSERT INTO failure_triages (fingerprint, merged_into, changed_at, changed_by) VALUES
        ('known', NULL, now() - interval '100 days', 'ada'), ('merged', 'target', now(), 'ada'),
        ('target', NULL, now() - interval '100 days', 'ada'), ('gone', NULL, now() - interval '100 days', 'ada');
      INSERT INTO consumer_groups (id, cluster_id, name, gone_at) VALUES
        (1, 1, 'there', NULL), (2, 1, 'gone', now() - interval '100 days'),
        (3, 1, 'gone, with an incident', now() - interval '100 days');
      INSERT INTO incidents (id, cluster_id, group_id, opened_at, closed_at, verdict, severity) VALUES
        (1, 1, 1, now() - interval '200 days', NULL, 'stopped', 2),
        (2, 1, 1, now() - interval '200 days', now() - interval '100 days', 'stopped', 2),
        (3, 1, 3, now() - interval '2 days', now() - interval '1 day', 'stopped', 2);
      INSERT INTO incident_changes (incident_id, at, kind, verdict) VALUES (2, now(), 'opened', 'stopped');
      INSERT INTO replay_runs (id, kind, status, cluster_id, plan, created_by, reason, created_at, finished_at) VALUES
        (1, 'redrive', 'completed', 1, '{}', 'ada', '', now() - interval '200 days', now() - interval '100 days'),
        (2, 'redrive', 'completed', 1, '{}', 'ada', '', now() - interval '200 days', now() - interval '1 day'),
        (3, 'redrive', 'paused', 1, '{}', 'ada', '', now() - interval '200 days', NULL),
        (4, 'redrive', 'draft', 1, '{}', 'ada', '', now() - interval '100 days', NULL),
        (5, 'redrive', 'completed', 1, '{}', 'ada', '', now() - interval '200 days', now() - interval '100 days');
      INSERT INTO replay_items (run_id, seq, failure_id, source_topic, source_partition, source_offset, target_topic)
        SELECT r.id, 0, f.id, 't', 0, 0, 't'
        FROM replay_runs r
        LEFT JOIN failures f ON f.status = 'replaying' AND r.id = 5;
      INSERT INTO replay_items (run_id, seq, source_topic, source_partition, source_offset, target_topic)
        SELECT 1, n, 't', 0, 0, 't' FROM generate_series(1, 50) n;
      INSERT INTO audit_entries (id, at, actor, role, action, target) VALUES
        (1, now() - interval '500 days', 'ada', 'operator', 'x', 'x'),
        (2, now() - interval '300 days', 'ada', 'operator', 'x', 'x')`);
  });
  after(() => postgres.stop());

  const left = async (table: string, column = "id") =>
    (await postgres.client.query<{ left: unknown }>(`SELECT ${column} AS left FROM ${table} ORDER BY 1`)).rows.map(
      (row) => row.left,
    );
  const remove = (limit: number) =>
    deleteExpiredHistory(postgres.client, { events: ago(7), history: ago(90), audit: ago(400) }, limit);

  it("goes in small steps, until nothing is left that is old and over", async () => {
    assert.equal(await remove(1), true, "a full step may have left some");
    assert.equal(
      (await left("replay_items", "run_id")).filter((run) => run === 1).length,
      50,
      "one item of 51 at once",
    );
    assert.ok((await left("replay_runs")).includes(1), "a run goes after its items");
    while (await remove(1));
    assert.equal(await remove(100), false);
    assert.deepEqual(await left("replay_runs"), [2, 3, 5]);
    assert.deepEqual(await left("replay_items", "run_id"), [2, 3, 5]);
    assert.deepEqual(await left("incidents"), [1, 3]);
    assert.deepEqual(await left("incident_changes", "incident_id"), []);
    assert.deepEqual(await left("failure_notes", "text"), ["a", "c"]);
    assert.deepEqual(await left("failure_triages", "fingerprint"), ["known", "merged", "target"]);
    assert.deepEqual(await left("consumer_groups"), [1, 3]);
    assert.deepEqual(await left("destinations"), [1, 2, 4, 5]);
    assert.deepEqual(await left("partition_offsets", "destination_id"), [1, 2, 4, 5]);
    assert.deepEqual((await left("audit_entries")).map(Number), [2]);
  });

  it("leaves what somebody is changing for the next time, and waits for nobody", async () => {
    await postgres.client.query("UPDATE replay_runs SET finished_at = now() - interval '100 days' WHERE id = 2");
    const other = await postgres.database.pool.connect();
    try {
      await other.query("BEGIN");
      await other.query("SELECT FROM replay_runs WHERE id = 2 FOR UPDATE");
      assert.equal(await remove(100), false);
      assert.deepEqual(await left("replay_runs"), [2, 3, 5]);
    } finally {
      await other.query("ROLLBACK");
      other.release();
    }
    await remove(100);
    assert.deepEqual(await left("replay_runs"), [3, 5]);
  });
});
