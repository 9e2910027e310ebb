/** A saga of which neither records nor names tell who publishes, as a simulation wrote it into the database. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { openRandom } from "#e2e/stack/seed.ts";
import { SAGA, TRUE_EDGES } from "#e2e/system/publishers-saga.ts";
import { SIMULATED_TOPICS, simulateSaga } from "#e2e/system/publishers-simulated.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { Causes } from "./causes.ts";

/** What a tap reads between two flushes; of several commits of a partition it keeps the last. */
const FLUSH_MS = 200;
const FLUSHES_PER_PASS = 3;

const TYPES = [...new Set(Object.keys(TRUE_EDGES).flatMap((edge) => [edge.split(" → ")[0], edge.split(" → ")[2]]))];
const idOf = (list: readonly unknown[], one: unknown): number => list.indexOf(one) + 1;

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
  await ensurePartitions(postgres.database.pool, new Date());
  const { client } = postgres;
  await client.query("INSERT INTO clusters (id, name, system) VALUES (1, 'prod', 'kafka')");
  await client.query(
    `
      INSERT INTO destinations (id, cluster_id, name, role, partition_count)
      SELECT i, 1, name, 'event', 2
      FROM unnest($1::text[]) WITH ORDINALITY AS u(name, i)`,
    [SIMULATED_TOPICS],
  );
  await client.query("INSERT INTO event_types (id, name) SELECT i, t FROM unnest($1::text[]) WITH ORDINALITY u(t, i)", [
    TYPES,
  ]);
  await client.query(
    "INSERT INTO consumer_groups (id, cluster_id, name) SELECT i, 1, g FROM unnest($1::text[]) WITH ORDINALITY u(g, i)",
    [SAGA.map(({ group }) => group)],
  );
  for (const [i, { reads }] of SAGA.entries())
    for (const topic of reads)
      await client.query(
        "INSERT INTO group_partitions (group_id, destination_id, partition) VALUES ($1, $2, 0), ($1, $2, 1)",
        [i + 1, idOf(SIMULATED_TOPICS, topic)],
      );
});
after(() => postgres.stop());
beforeEach(() =>
  postgres.client.query("TRUNCATE events, event_batches, group_commits, cause_rollups, traces, cursors, producers"),
);

/** Stores the saga flush by flush, and correlates in between; answers the cause edges found. */
async function correlate(areGroupsKnown: boolean): Promise<Record<string, number>> {
  const { client } = postgres;
  await client.query(
    `
      INSERT INTO producers (cluster_id, producer_id, first_at, last_at, group_id)
      SELECT 1, i, now(), now(), CASE WHEN $2 THEN i END
      FROM generate_series(1, $1::int) i`,
    [SAGA.length, areGroupsKnown],
  );
  const { events, commits } = simulateSaga(openRandom(`simulated saga ${areGroupsKnown}`, console.log));
  const lastMs = Math.max(...events.map(({ atMs }) => atMs), ...commits.map(({ atMs }) => atMs));
  const startMs = Date.now() - lastMs - 10_000;
  const causes = new Causes(client, { producers: [], groupServices: [] });
  let passes = 0;
  for (let from = 0; from <= lastMs; from += FLUSH_MS) {
    const isIn = ({ atMs }: { readonly atMs: number }) => atMs >= from && atMs < from + FLUSH_MS;
    const storedAt = new Date(startMs + from + FLUSH_MS);
    const stored = events.filter(isIn);
    const last = new Map(commits.filter(isIn).map((one) => [`${one.by} ${one.topic} ${one.partition}`, one]));
    await client.query("BEGIN");
    await client.query(
      `
        INSERT INTO events (
          stored_at, occurred_at, position, destination_id, partition, size_bytes, flags, trace_id, type_id, producer_id
        )
        SELECT $1, to_timestamp(ms / 1000), position, destination_id, partition, 1, 1, trace::uuid, type_id, producer_id
        FROM unnest($2::float8[], $3::bigint[], $4::int[], $5::int[], $6::text[], $7::int[], $8::bigint[])
          AS u(ms, position, destination_id, partition, trace, type_id, producer_id)`,
      [
        storedAt,
        stored.map(({ atMs }) => startMs + atMs),
        stored.map(({ position }) => position),
        stored.map(({ topic }) => idOf(SIMULATED_TOPICS, topic)),
        stored.map(({ partition }) => partition),
        stored.map(({ n }) => `00000000-0000-0000-0000-${String(n + 1).padStart(12, "0")}`),
        stored.map(({ type }) => idOf(TYPES, type)),
        stored.map(({ by }) => (by === null ? null : by + 1)),
      ],
    );
    await client.query(
      `
        INSERT INTO event_batches (
          stored_at, destination_id, partition, first_position, last_position, first_occurred_at, last_occurred_at,
          events, xid
        )
        SELECT stored_at, destination_id, partition, min(position), max(position), min(occurred_at), max(occurred_at),
          count(*), pg_current_xact_id()::text::bigint
        FROM events
        WHERE stored_at = $1
        GROUP BY 1, 2, 3`,
      [storedAt],
    );
    const rows = [...last.values()];
    await client.query(
      `
        INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
        SELECT $1, to_timestamp(ms / 1000), group_id, destination_id, partition, committed_offset
        FROM unnest($2::float8[], $3::int[], $4::int[], $5::int[], $6::bigint[])
          AS u(ms, group_id, destination_id, partition, committed_offset)`,
      [
        storedAt,
        rows.map(({ atMs }) => startMs + atMs),
        rows.map(({ by }) => by + 1),
        rows.map(({ topic }) => idOf(SIMULATED_TOPICS, topic)),
        rows.map(({ partition }) => partition),
        rows.map(({ offset }) => offset),
      ],
    );
    await client.query("COMMIT");
    if (++passes % FLUSHES_PER_PASS === 0) await causes.pass();
  }
  await causes.pass();
  const { rows } = await client.query<{ name: string; n: string }>(
    `
      SELECT ft.name || ' → ' || coalesce(g.name, '?') || ' → ' || tt.name AS name, sum(r.events) AS n
      FROM cause_rollups r
      JOIN event_types ft ON ft.id = from_type_id
      JOIN event_types tt ON tt.id = to_type_id
      LEFT JOIN consumer_groups g ON g.id = r.group_id
      GROUP BY 1`,
  );
  return Object.fromEntries(rows.map((row): [string, number] => [row.name, Number(row.n)]).sort());
}

function assertTrue(edges: Readonly<Record<string, number>>, least: number): void {
  assert.deepEqual(
    Object.entries(edges).filter(([edge, n]) => n > (TRUE_EDGES[edge] ?? 0)),
    [],
    "no other than the true ones",
  );
  const found = Object.keys(TRUE_EDGES).filter((edge) => (edges[edge] ?? 0) > 0);
  console.log(`${found.length} of 12 edges, ${found.reduce((sum, edge) => sum + (edges[edge] ?? 0), 0)} causes`, edges);
  assert.ok(found.length >= least, found.join("\n"));
}

describe("commits as evidence", () => {
  it("show the causes where transactions tell the groups", async () => {
    assertTrue(await correlate(true), 10);
  });

  it("show the groups, and then the causes", async () => {
    const edges = await correlate(false);
    const { rows } = await postgres.client.query<{ known: number; wrong: number }>(
      `
        SELECT count(usual_group_id)::int AS known,
          (count(*) FILTER (WHERE usual_group_id <> producer_id))::int AS wrong
        FROM producers`,
    );
    assert.equal(rows[0]?.wrong, 0);
    assert.ok((rows[0]?.known ?? 0) >= 2, `${rows[0]?.known} of 4 groups`);
    assertTrue(edges, 4);
  });
});
