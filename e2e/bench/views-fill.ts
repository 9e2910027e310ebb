/** What a system of some size leaves in Flowtap's database, written by SQL as the tap would have left it. */
import type pg from "pg";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { addLatency, encodeSketch, openSketch } from "#lib/store/db/sketch.ts";

export const SCALE = {
  events: 2_000_000,
  hours: 6,
  traces: 400_000,
  topics: 50,
  groups: 2000,
  groupsOnOneTopic: 15_000,
  failures: 20_000,
  fingerprints: 300,
  replays: 300,
  incidents: 5000,
  alerts: 2000,
} as const;

export const CLUSTER = "test";
export const BUSY_TOPIC = "shop.busy";
export const HOT_KEY = "cust-hot";
export const RARE_TYPE = "shop.escalated";
export const PARTITIONS = 4;
/** How many events each partition of the event topics holds. */
export const PER_PARTITION = SCALE.events / SCALE.topics / PARTITIONS;
/** The event with this remainder is the hot key's: all of one partition, 10,000 of them. */
const HOT_REMAINDER = 77;
export const LARGEST_RUN = 10_000;

export const topicName = (id: number): string => `shop.topic-${String(id).padStart(2, "0")}`;
export const orderKey = (trace: number): string => `order-${trace}`;
/** Where the nth event of all lies: its topic's id, its partition and its offset. */
export const positionOf = (n: number) => ({
  destinationId: 1 + (n % SCALE.topics),
  partition: Math.floor(n / SCALE.topics) % PARTITIONS,
  offset: Math.floor(n / SCALE.topics / PARTITIONS),
});
export const hotPosition = positionOf(HOT_REMAINDER);

const SPAN_MS = SCALE.hours * 3_600_000;
const BUSY_ID = SCALE.topics + 1;
const FIRST_DLT = SCALE.topics + 2;
const DLTS = 10;
const PER_TRACE = SCALE.events / SCALE.traces;

export async function fill(pool: pg.Pool, nowMs: number): Promise<void> {
  for (let hour = 0; hour <= SCALE.hours; hour++) await ensurePartitions(pool, new Date(nowMs - hour * 3_600_000));
  const sketch = openSketch();
  for (const ms of [1, 4, 9, 20, 80]) addLatency(sketch, ms);
  const latency = Buffer.from(encodeSketch(sketch) ?? []).toString("hex");
  const client = await pool.connect();
  try {
    await client.query("SET synchronous_commit = off");
    for (const statement of [
      ...catalogue(),
      ...indexed(nowMs),
      ...rollups(nowMs, latency),
      ...groupsThen(nowMs),
      ...troubles(nowMs),
    ])
      await client.query(statement);
    // As autovacuum would have done long since.
    await client.query("VACUUM (ANALYZE)");
  } finally {
    client.release();
  }
}

const at = (ms: number): string => `'${new Date(ms).toISOString()}'::timestamptz`;
/** When the nth event happened: evenly over the hours, the last a moment ago. */
const timeOf = (n: string, nowMs: number): string =>
  `${at(nowMs - SPAN_MS - 15_000)} + (${n}) * interval '${SPAN_MS / SCALE.events} milliseconds'`;
const traceUuid = (trace: string): string => `md5('trace-' || (${trace}))::uuid`;
const destinationOf = (n: string): string => `1 + ((${n}) % ${SCALE.topics})::int`;
/** Each topic has two versions of one type; one flow in twenty thousand ends with a rare one. */
const typeOf = (n: string, trace: string): string =>
  `
    CASE
      WHEN (${trace}) % 20000 = 7 AND (${n}) % ${PER_TRACE} = ${PER_TRACE - 1} THEN ${2 * SCALE.topics + 1}
      ELSE 2 * (${destinationOf(n)}) - CASE WHEN (${trace}) % 10 = 0 THEN 0 ELSE 1 END
    END`;
const serviceOf = (destination: string): string => `1 + ((${destination}) - 1) % 25`;

function catalogue(): string[] {
  return [
    `
      INSERT INTO clusters (id, name, system, brokers, state, commit_source)
      VALUES (1, '${CLUSTER}', 'kafka', '{}', 'connected', 'tapped')`,
    "INSERT INTO services (id, name) SELECT i, 'service-' || i FROM generate_series(1, 25) i",
    `
      INSERT INTO event_types (id, name, schema_version)
      SELECT 2 * d - 1 + v, 'shop.happened-' || d, (v + 1)::text
      FROM generate_series(1, ${SCALE.topics}) d, generate_series(0, 1) v`,
    `INSERT INTO event_types (id, name) VALUES (${2 * SCALE.topics + 1}, '${RARE_TYPE}')`,
    `
      INSERT INTO destinations (id, cluster_id, name, partition_count, tapped, retention_ms)
      SELECT i, 1, 'shop.topic-' || lpad(i::text, 2, '0'), ${PARTITIONS}, true, 604800000
      FROM generate_series(1, ${SCALE.topics}) i`,
    `
      INSERT INTO destinations (id, cluster_id, name, partition_count, tapped)
      VALUES (${BUSY_ID}, 1, '${BUSY_TOPIC}', 12, true)`,
    `
      INSERT INTO destinations (id, cluster_id, name, role, source_id, partition_count, tapped)
      SELECT ${FIRST_DLT} + i, 1, 'shop.topic-' || lpad((1 + 5 * i)::text, 2, '0') || '.DLT', 'dead_letter',
        1 + 5 * i, ${PARTITIONS}, true
      FROM generate_series(0, ${DLTS - 1}) i`,
    `
      INSERT INTO partition_offsets (
        destination_id, partition, log_start_offset, end_offset, last_stable_offset, leader, observed_at
      )
      SELECT d.id, p, 0, ${PER_PARTITION}, ${PER_PARTITION}, 1, now()
      FROM destinations d, generate_series(0, d.partition_count - 1) p`,
    `
      INSERT INTO tap_positions (destination_id, partition, next, stored_at)
      SELECT destination_id, partition, end_offset, now()
      FROM partition_offsets`,
    "INSERT INTO tap_processes (host, pid, version) VALUES ('bench', 1, '0')",
    `
      INSERT INTO consumer_groups (
        id, cluster_id, name, protocol, state, member_count, service_id, service_known_by, verdict,
        verdict_since, severity, lag_messages, time_lag_ms, evaluated_at, reason
      )
      SELECT i, 1, CASE WHEN i <= ${SCALE.groups} THEN 'group-' ELSE 'busy-' END || i, 'classic', 'stable', 4,
        CASE WHEN i <= ${SCALE.groups} THEN 1 + i % 25 END, 'declared',
        CASE WHEN i % 20 = 0 THEN 'stalled' WHEN i % 13 = 0 THEN 'warning' ELSE 'ok' END, now(),
        CASE WHEN i % 20 = 0 THEN 80 WHEN i % 13 = 0 THEN 40 ELSE 0 END, i * 7919 % 5000, i * 31 % 90000,
        now(), 'as judged'
      FROM generate_series(1, ${SCALE.groups + SCALE.groupsOnOneTopic}) i`,
    `
      INSERT INTO group_partitions (
        group_id, destination_id, partition, committed_offset, committed_at, moved_at, lag_messages,
        time_lag_ms, verdict, member_id
      )
      SELECT g.id, r.destination_id, p, ${PER_PARTITION} - g.lag_messages / 16, now(), now(),
        g.lag_messages / 16, g.time_lag_ms, g.verdict, 'member-' || p % 4
      FROM consumer_groups g
      CROSS JOIN LATERAL (
        SELECT 1 + (g.id * 7 + j * 13) % ${SCALE.topics} AS destination_id, ${PARTITIONS} AS partitions
        FROM generate_series(0, 3) j
        WHERE g.id <= ${SCALE.groups}
        UNION ALL
        SELECT ${BUSY_ID}, 12
        WHERE g.id > ${SCALE.groups}
      ) r, generate_series(0, r.partitions - 1) p`,
    `
      INSERT INTO group_members (group_id, member_id, client_id, host, assignment, seen_at)
      SELECT g, 'member-' || m, 'client-' || m, '/10.0.0.1', '[]', now()
      FROM generate_series(1, ${SCALE.groups}) g, generate_series(0, 3) m`,
  ];
}

function indexed(nowMs: number): string[] {
  const last = SCALE.events - 1;
  return [
    `
      INSERT INTO events (
        stored_at, occurred_at, position, trace_id, span_id, parent_span_id, message_ref, destination_id,
        partition, type_id, service_id, size_bytes, flags, key
      )
      SELECT date_bin('10 seconds', at, 'epoch') + interval '10 seconds', at,
        n / ${SCALE.topics * PARTITIONS}, ${traceUuid("t")}, n, CASE WHEN n % ${PER_TRACE} > 0 THEN n - 1 END,
        hashint8extended(n, 1), destination, (n / ${SCALE.topics} % ${PARTITIONS})::int, ${typeOf("n", "t")},
        ${serviceOf("destination")}, 400, 1,
        CASE
          WHEN n % ${SCALE.topics * PARTITIONS} = ${HOT_REMAINDER} THEN '${HOT_KEY}'
          WHEN n % ${PER_TRACE} < 3 THEN 'order-' || t
          ELSE 'cust-' || t * 7919 % 50000
        END
      FROM (
        SELECT n, n / ${PER_TRACE} AS t, ${timeOf("n", nowMs)} AS at, ${destinationOf("n")} AS destination
        FROM generate_series(0::bigint, ${last}) n
      ) numbered`,
    `
      INSERT INTO event_batches (
        stored_at, destination_id, partition, first_position, last_position, first_occurred_at,
        last_occurred_at, events, xid
      )
      SELECT stored_at, destination_id, partition, min(position), max(position), min(occurred_at),
        max(occurred_at), count(*), extract(epoch FROM stored_at)::bigint
      FROM events
      GROUP BY 1, 2, 3
      ORDER BY 1`,
    `
      INSERT INTO traces (
        trace_id, first_at, last_at, events, errors, root_type_id, root_service_id, root_destination,
        service_ids, destination_ids, type_ids
      )
      SELECT ${traceUuid("t")}, ${timeOf(`t * ${PER_TRACE}`, nowMs)},
        ${timeOf(`t * ${PER_TRACE} + ${PER_TRACE - 1}`, nowMs)}, ${PER_TRACE}, (t % 50 = 0)::int,
        ${typeOf(`t * ${PER_TRACE}`, "t")}, ${serviceOf(destinationOf(`t * ${PER_TRACE}`))},
        ${destinationOf(`t * ${PER_TRACE}`)},
        ARRAY(
          SELECT ${serviceOf(destinationOf("n"))}
          FROM generate_series(t * ${PER_TRACE}, t * ${PER_TRACE} + ${PER_TRACE - 1}) n
        ),
        ARRAY(
          SELECT ${destinationOf("n")}
          FROM generate_series(t * ${PER_TRACE}, t * ${PER_TRACE} + ${PER_TRACE - 1}) n
        ),
        ARRAY(
          SELECT ${typeOf("n", "t")}
          FROM generate_series(t * ${PER_TRACE}, t * ${PER_TRACE} + ${PER_TRACE - 1}) n
        )
      FROM generate_series(0::bigint, ${SCALE.traces - 1}) t`,
    `
      INSERT INTO trace_aliases (conversation_id, trace_id, seen_at)
      SELECT md5('conversation-' || t)::uuid, ${traceUuid("t")}, now()
      FROM generate_series(0, ${SCALE.traces - 1}, 10) t`,
  ];
}

/** Also of the minutes to come, in which the views are asked for what is now. */
function rollups(nowMs: number, latency: string): string[] {
  const [from, to] = [nowMs - SPAN_MS, nowMs + 300_000];
  const buckets = (sinceMs: number) =>
    `generate_series(date_bin('10 seconds', ${at(sinceMs)}, 'epoch'), ${at(to)}, interval '10 seconds') bucket`;
  const lag = (groups: string, destinations: string, sinceMs: number, untilMs: number) => `
    INSERT INTO consume_rollups (
      bucket, group_id, destination_id, consumed, lag_messages, time_lag_ms, member_count, verdict, latency
    )
    SELECT bucket, g, ${destinations}, 10, g * 31 % 5000, 100, 4, 'ok',
      CASE WHEN g <= 50 THEN '\\x${latency}'::bytea END
    FROM ${buckets(sinceMs)}, ${groups}
    WHERE bucket < ${at(untilMs)}
    ORDER BY 1
    ON CONFLICT DO NOTHING`;
  const ordinary = `1 + (g * 7 + j * 13) % ${SCALE.topics}`;
  return [
    `
      INSERT INTO publish_rollups (
        bucket, destination_id, service_id, type_id, tap_id, events, bytes, errors, latency
      )
      SELECT bucket, d, ${serviceOf("d")}, 2 * d - v, 1, 10, 4000, 0, '\\x${latency}'
      FROM ${buckets(from)}, generate_series(1, ${SCALE.topics}) d, generate_series(0, 1) v
      ORDER BY 1`,
    `
      INSERT INTO cause_rollups (
        bucket, from_destination_id, from_type_id, group_id, to_destination_id, to_type_id, known_by, events,
        errors, confidence_milli, latency
      )
      SELECT bucket, d, 2 * d - 1, d, d + 1, 2 * d + 1, 'traced', 9, 0, 9000, '\\x${latency}'
      FROM ${buckets(from)}, generate_series(1, ${SCALE.topics}) d
      WHERE d % ${PER_TRACE} > 0
      ORDER BY 1`,
    // Kept whole these would be 50 million: all hours of fifty groups, half an hour of the ordinary ones, five minutes
    // of those on one topic.
    lag("generate_series(1, 50) g, generate_series(0, 3) j", ordinary, from, nowMs - 1_800_000),
    lag(`generate_series(1, ${SCALE.groups}) g, generate_series(0, 3) j`, ordinary, nowMs - 1_800_000, nowMs - 300_000),
    lag(
      `
        (
          SELECT g, ${ordinary} AS d
          FROM generate_series(1, ${SCALE.groups}) g, generate_series(0, 3) j
          UNION ALL
          SELECT g, ${BUSY_ID}
          FROM generate_series(${SCALE.groups + 1}, ${SCALE.groups + SCALE.groupsOnOneTopic}) g
        ) all_groups`,
      "d",
      nowMs - 300_000,
      to,
    ),
  ];
}

function groupsThen(nowMs: number): string[] {
  const commits = (groups: number, sinceMs: number, every: string) => `
    INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
    SELECT at, at, p.group_id, p.destination_id, p.partition,
      greatest(0, p.committed_offset - extract(epoch FROM ${at(nowMs)} - at)::bigint)
    FROM generate_series(${at(sinceMs)}, ${at(nowMs)}, interval '${every}') at, group_partitions p
    WHERE p.group_id <= ${groups}
    ORDER BY 1`;
  return [
    commits(50, nowMs - 3 * 3_600_000, "10 seconds"),
    commits(SCALE.groups, nowMs - 3_600_000, "5 minutes"),
    `
      INSERT INTO group_events (group_id, at, kind, detail)
      SELECT 1 + i % ${SCALE.groups}, ${at(nowMs)} - i * interval '1 second',
        CASE WHEN i % 20 = 0 THEN 'deploy' ELSE 'rebalance' END, '{"generation": 5, "members": 4}'
      FROM generate_series(1, 20000) i`,
    `
      INSERT INTO member_sessions (group_id, member_id, joined_at, client_id, host, assignment)
      SELECT group_id, member_id, ${at(nowMs - SPAN_MS)}, client_id, host, assignment
      FROM group_members`,
  ];
}

function troubles(nowMs: number): string[] {
  const before = (step: string) => `${at(nowMs)} - ${step}`;
  const plan = `
    jsonb_build_object(
      'token', 'bench', 'input',
      '{"kind": "redrive", "select": {"by": "fingerprint", "fingerprint": "fp-1"}}'::jsonb, 'preview',
      '{"kind": "redrive", "items": 50, "excluded": [], "targets": [], "keys": [], "ratePerSecond": 50, "cli": ""}'::jsonb
    )`;
  return [
    `
      INSERT INTO failures (
        cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title,
        original_destination, original_destination_id, original_partition, original_position, original_at,
        group_name, exception_class, root_cause_class, message, stack, trace_id, type_id, service_id, key,
        status, stored_at
      )
      SELECT 1, ${FIRST_DLT} + f % ${DLTS}, f / ${DLTS} % ${PARTITIONS}, f / ${DLTS * PARTITIONS},
        ${before("f * interval '1 second'")}, 'spring', 'fp-' || f % ${SCALE.fingerprints},
        'java.lang.IllegalStateException in handler ' || f % ${SCALE.fingerprints},
        'shop.topic-' || lpad((1 + 5 * (f % ${DLTS}))::text, 2, '0'), 1 + 5 * (f % ${DLTS}),
        f / ${DLTS} % ${PARTITIONS}, f / ${DLTS * PARTITIONS}, ${before("f * interval '1 second'")},
        'group-' || 1 + f % ${SCALE.fingerprints}, 'org.example.ListenerFailed',
        'java.lang.IllegalStateException' || f % 40, 'the order could not be handled: ' || f,
        repeat('  at org.example.Handler.handle(Handler.java:42)' || chr(10), 40), ${traceUuid("f")},
        2 * (1 + 5 * (f % ${DLTS})) - 1, 1 + f % 25, 'order-' || f,
        CASE WHEN f % 10 = 0 THEN 'resolved' ELSE 'open' END, ${before("f * interval '1 second'")}
      FROM generate_series(0, ${SCALE.failures - 1}) f`,
    `
      INSERT INTO failure_triages (fingerprint, status, snoozed_until, merged_into, changed_at, changed_by)
      SELECT 'fp-' || f, CASE WHEN f % 3 = 0 THEN 'snoozed' WHEN f % 3 = 1 THEN 'resolved' ELSE 'open' END,
        CASE WHEN f % 3 = 0 THEN now() + interval '1 day' END, CASE WHEN f % 3 = 2 THEN 'fp-1' END,
        now() - interval '1 hour', 'bench'
      FROM generate_series(10, 40) f`,
    `
      INSERT INTO failure_notes (fingerprint, by, text)
      SELECT 'fp-' || f % 30, 'bench', 'looked at it'
      FROM generate_series(1, 200) f`,
    `
      INSERT INTO replay_runs (
        id, kind, status, cluster_id, group_name, plan, created_by, reason, created_at, started_at,
        finished_at
      )
      SELECT i, 'redrive', 'completed', 1, 'group-' || i, ${plan}, 'bench', 'bench',
        ${before("i * interval '1 minute'")}, ${before("i * interval '1 minute'")},
        ${before("i * interval '1 minute'")}
      FROM generate_series(1, ${SCALE.replays}) i`,
    `
      INSERT INTO replay_items (
        run_id, seq, failure_id, source_topic, source_partition, source_offset, target_topic,
        target_partition, target_offset, key, status, sent_at, outcome
      )
      SELECT r.id, s, 1 + (r.id * 53 + s) % ${SCALE.failures}, 'shop.topic-01.DLT', s % ${PARTITIONS}, s,
        'shop.topic-01', s % ${PARTITIONS}, s, 'order-' || s, 'sent', r.started_at,
        CASE WHEN s % 10 > 0 THEN 'consumed' WHEN s % 20 = 0 THEN 'dead_lettered' END
      FROM replay_runs r,
        generate_series(0, CASE WHEN r.id = ${SCALE.replays} THEN ${LARGEST_RUN} ELSE 50 END - 1) s`,
    `
      INSERT INTO incidents (id, cluster_id, group_id, opened_at, closed_at, verdict, cause, severity, reason)
      SELECT i, 1, 1 + i % ${SCALE.groups}, ${before("i * interval '4 seconds'")},
        CASE WHEN i > 100 THEN ${before("(i - 10) * interval '4 seconds'")} END, 'stalled', 'no_members', 80,
        'nobody reads'
      FROM generate_series(1, ${SCALE.incidents}) i`,
    `
      INSERT INTO incident_changes (incident_id, at, kind, verdict, cause, reason)
      SELECT id, opened_at + c * interval '1 second', CASE c WHEN 0 THEN 'opened' ELSE 'changed' END, verdict,
        cause, reason
      FROM incidents, generate_series(0, 2) c`,
    `
      INSERT INTO alerts (
        rule, cluster_id, subject, state, pending_at, fired_at, resolved_at, severity, summary, detail
      )
      SELECT 'stuck', 1, 'group-' || i, CASE WHEN i <= 300 THEN 'firing' ELSE 'resolved' END,
        ${before("i * interval '10 seconds'")}, ${before("i * interval '10 seconds'")},
        CASE WHEN i > 300 THEN ${before("i * interval '9 seconds'")} END, 'critical', 'stuck',
        '{"about": "group", "title": "stuck", "sentence": "it does not read", "verdict": "stalled", "cause": null, "facts": [], "incidentId": null}'
      FROM generate_series(1, ${SCALE.alerts}) i`,
    `
      SELECT setval(pg_get_serial_sequence(t, 'id'), 100000)
      FROM unnest(
        ARRAY['replay_runs', 'incidents', 'consumer_groups', 'destinations', 'event_types', 'services', 'clusters']
      ) t`,
  ];
}
