/** What is asked every second reads no table whole, however much lies in it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import type { Database, PrismaClient } from "./db/database.ts";
import { ensurePartitions } from "./db/hourly-partitions.ts";
import { readRunsToClaim } from "./replays/claimable-runs.ts";
import { settleOutcomes } from "./replays/outcomes.ts";
import { readPulse } from "./status-read.ts";

const ROWS = 100_000;

describe("what is asked every second", () => {
  let postgres: MigratedPostgres;
  before(async () => {
    postgres = await startMigratedPostgres();
    await ensurePartitions(postgres.database.pool, new Date());
    await postgres.client.query(`
      INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka');
      INSERT INTO destinations (id, cluster_id, name, tapped) VALUES (1, 1, 'orders', true), (2, 1, 'orders-dlt', true);
      INSERT INTO failures (
        cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title, status, stored_at
      )
        SELECT 1, 2, 0, n, now() - interval '5 days', 'spring', 'f' || n % 100, 'x',
          CASE WHEN n % 1000 = 0 THEN 'open' ELSE 'resolved' END, now() - interval '5 days'
        FROM generate_series(1, ${ROWS}) n;
      INSERT INTO replay_runs (id, kind, status, cluster_id, plan, created_by, reason, created_at, finished_at)
        SELECT n, 'redrive', CASE WHEN n % 2 = 0 THEN 'completed' ELSE 'cancelled' END, 1, '{}', 'ada', '', now(), now()
        FROM generate_series(1, 1000) n;
      INSERT INTO replay_items (
        run_id, seq, failure_id, source_topic, source_partition, source_offset, target_topic, target_partition,
        target_offset, status, sent_at, outcome
      )
        SELECT n % 1000 + 1, n, n, 'orders-dlt', 0, n, 'orders', 0, n, 'sent', now() - interval '5 days', 'consumed'
        FROM generate_series(1, ${ROWS}) n;
      INSERT INTO event_batches (
        stored_at, destination_id, partition, first_position, last_position, first_occurred_at, last_occurred_at,
        events, xid
      )
        SELECT now(), 1, 0, n, n, now(), now(), 1, n FROM generate_series(1, ${ROWS}) n;
      ANALYZE`);
  });
  after(() => postgres.stop());

  const ASKED: readonly [string, (prisma: PrismaClient) => Promise<unknown>][] = [
    ["the pulse of every page", (prisma) => readPulse(prisma, new Date(), new Date(), ["f1"])],
    [
      "outcomes of what was sent",
      (prisma) => settleOutcomes(prisma, { runId: null, sentWithinHours: 24, limit: 5000 }),
    ],
    ["runs to be carried on", (prisma) => readRunsToClaim({ prisma } as Database)],
  ];
  for (const [what, ask] of ASKED)
    it(what, async () => {
      const read = await postgres.database.prisma.$transaction(async (transaction) => {
        await ask(transaction as PrismaClient);
        return transaction.$queryRaw`
          SELECT relname, seq_tup_read::int AS rows FROM pg_stat_xact_user_tables WHERE seq_tup_read > ${ROWS / 10}`;
      });
      assert.deepEqual(read, []);
    });
});
