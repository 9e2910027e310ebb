/** Writes a world as taps would have left it: what there is, who reads what, and the events of the last minutes. */
import type pg from "pg";
import type { World } from "./flow-world.ts";

const MINUTE_MS = 60_000;
/** The minutes to come are filled as well, in which the pages are looked at. */
const [BEFORE_MS, AFTER_MS] = [2 * MINUTE_MS, 12 * MINUTE_MS];

/** Of the groups in order, one in so many is stuck, one is late. */
interface Troubles {
  readonly stuckEach: number;
  readonly lateEach: number;
}

export async function fillWorld(pool: pg.Pool, world: World, nowMs: number, troubles: Troubles): Promise<void> {
  const { topics, services, groups, publishes, consumes } = world;
  const topicId = new Map(topics.map((name, i) => [name, i + 1]));
  const serviceId = new Map(services.map((name, i) => [name, i + 1]));
  const groupId = new Map(groups.map(([name], i) => [name, i + 1]));
  const ids = (of: ReadonlyMap<string, number>, names: readonly (string | null)[]) =>
    names.map((name) => (name === null ? null : (of.get(name) ?? null)));
  const [from, to] = [new Date(nowMs - BEFORE_MS), new Date(nowMs + AFTER_MS)];
  const verdicts = groups.map((_, i) =>
    i % troubles.stuckEach === troubles.stuckEach - 1 ? "stalled" : i % troubles.lateEach === 1 ? "warning" : "ok",
  );

  await pool.query(`
    INSERT INTO clusters (id, name, system, brokers, state, commit_source)
    VALUES (1, 'test', 'kafka', '{}', 'connected', 'tapped')`);
  await pool.query(
    `
      INSERT INTO destinations (id, cluster_id, name, partition_count, tapped, first_seen_at)
      SELECT i, 1, name, 3, true, $2 FROM unnest($1::text[]) WITH ORDINALITY AS t(name, i)`,
    [topics, from],
  );
  await pool.query(
    "INSERT INTO services (id, name) SELECT i, name FROM unnest($1::text[]) WITH ORDINALITY t(name, i)",
    [services],
  );
  await pool.query("INSERT INTO event_types (id, name) VALUES (1, 'it.happened')");
  await pool.query("INSERT INTO tap_processes (host, pid, version) VALUES ('bench', 1, '0')");
  await pool.query(
    `
      INSERT INTO consumer_groups (
        id, cluster_id, name, protocol, state, member_count, service_id, service_known_by, verdict, verdict_since,
        severity, lag_messages, time_lag_ms, evaluated_at, reason
      )
      SELECT i, 1, name, 'classic', 'stable', 2, service, CASE WHEN service IS NOT NULL THEN 'declared' END, verdict,
        $4, 0, CASE WHEN verdict = 'ok' THEN 0 ELSE 4212 END, CASE WHEN verdict = 'ok' THEN 0 ELSE 1080000 END, $4,
        CASE WHEN verdict = 'ok' THEN NULL ELSE 'has not moved for 18 min' END
      FROM unnest($1::text[], $2::int[], $3::text[]) WITH ORDINALITY AS t(name, service, verdict, i)`,
    [
      groups.map(([name]) => name),
      ids(
        serviceId,
        groups.map(([, service]) => service),
      ),
      verdicts,
      new Date(nowMs),
    ],
  );
  await pool.query(
    `
      INSERT INTO group_partitions (
        group_id, destination_id, partition, committed_offset, committed_at, moved_at, lag_messages, verdict
      )
      SELECT g, d, 0, 1000, $3, $3, 0, c.verdict
      FROM unnest($1::int[], $2::int[]) AS t(g, d) JOIN consumer_groups c ON c.id = g`,
    [
      ids(
        groupId,
        consumes.map(([, group]) => group),
      ),
      ids(
        topicId,
        consumes.map(([topic]) => topic),
      ),
      new Date(nowMs),
    ],
  );
  const buckets = "generate_series(date_bin('10 seconds', $3::timestamptz, 'epoch'), $4, interval '10 seconds') bucket";
  await pool.query(
    `
      INSERT INTO publish_rollups (bucket, destination_id, service_id, type_id, tap_id, events, bytes, errors)
      SELECT bucket, d, s, 1, 1, 1 + (d * 7919) % 400, 4000, 0
      FROM ${buckets}, unnest($1::int[], $2::int[]) AS t(d, s)`,
    [
      ids(
        topicId,
        publishes.map(([, topic]) => topic),
      ),
      ids(
        serviceId,
        publishes.map(([service]) => service),
      ),
      from,
      to,
    ],
  );
  await pool.query(
    `
      INSERT INTO consume_rollups (bucket, group_id, destination_id, consumed, lag_messages, verdict)
      SELECT bucket, g, d, 1 + (g * 31) % 300, 0, 'ok' FROM ${buckets}, unnest($1::int[], $2::int[]) AS t(g, d)`,
    [
      ids(
        groupId,
        consumes.map(([, group]) => group),
      ),
      ids(
        topicId,
        consumes.map(([topic]) => topic),
      ),
      from,
      to,
    ],
  );
  await pool.query("ANALYZE");
}
