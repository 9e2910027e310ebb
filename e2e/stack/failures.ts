/** A Postgres with failures in it, and the ways to them that people have. */
import assert from "node:assert/strict";
import type { resolveFailures } from "#lib/commands/failures.ts";
import { FailureQuery, FailuresQuery } from "#lib/contracts/failures.ts";
import { NO_RULES } from "#lib/domain/observe/no-rules.test-data.ts";
import { getFailureGroup, listFailures } from "#lib/queries/failures.ts";
import { startMigratedPostgres } from "./migrated.ts";

export const HOUR_MS = 3_600_000;
export const NOW_MS = Date.UTC(2026, 10, 21, 12);

/** One cluster with one dead-letter topic, one group, one service and two versions of one event type. */
export async function startPostgresForFailures() {
  const postgres = await startMigratedPostgres();
  const { client } = postgres;
  const { prisma } = postgres.database;
  let position = 0;
  await client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'test', 'kafka')");
  await client.query("INSERT INTO destinations (id, cluster_id, name) VALUES (1, 1, 'orders-dlt')");
  await client.query("INSERT INTO consumer_groups (id, cluster_id, name) VALUES (1, 1, 'payments')");
  await client.query("INSERT INTO services (id, name) VALUES (1, 'shop')");
  await client.query(
    "INSERT INTO event_types (id, name, schema_version) VALUES (1, 'order.placed', '1'), (2, 'order.placed', '2')",
  );
  const clear = () =>
    client.query(`
      TRUNCATE failures, aged_failures, failure_triages, failure_notes, group_events, replay_items, replay_runs,
        audit_entries`);

  /** `count` dead letters, the last of them `agoMs` before now and each a second earlier than the next. */
  const fail = (
    fingerprint: string,
    count: number,
    agoMs: number,
    { status = "open", type = 1, format = "spring-kafka" } = {},
  ) =>
    client.query(
      `
        INSERT INTO failures (
          cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title,
          original_destination, group_name, type_id, service_id, status, stored_at
        )
        SELECT 1, 1, 0, $1::bigint + n, $2::timestamptz - n * interval '1 second', $7, $3, 'Broken ' || $3,
          'orders', 'payments', $5, 1, $4, $2
        FROM generate_series(1, $6::int) n`,
      [(position += 1000), new Date(NOW_MS - agoMs), fingerprint, status, type, count, format],
    );
  const at = (nowMs: number) => ({ prisma, now: () => nowMs, readerOf: () => null, rules: NO_RULES, version: "" });
  const list = async (query: Partial<FailuresQuery> = {}, nowMs = NOW_MS) => {
    const found = await listFailures(at(nowMs), FailuresQuery.parse(query));
    assert.ok(found.ok);
    return found.value.items;
  };
  const names = async (query: Partial<FailuresQuery> = {}, nowMs = NOW_MS) =>
    (await list(query, nowMs)).map((row) => row.fingerprint).sort();
  const detail = async (fingerprint: string, nowMs = NOW_MS) => {
    const found = await getFailureGroup(at(nowMs), { fingerprint, query: FailureQuery.parse({}) });
    assert.ok(found.ok);
    return found.value;
  };
  const done = async (action: ReturnType<typeof resolveFailures>) => {
    const answer = await action;
    assert.ok(answer.ok, answer.ok ? "" : answer.error.message);
    return answer.value;
  };

  return { client, prisma, clear, fail, at, list, names, detail, done, stop: () => postgres.stop() };
}
