/** Rollups, states of groups, failures, replays and incidents, as SQL. */
import {
  SCALE,
  PARTITIONS,
  LARGEST_RUN,
  SPAN_MS,
  BUSY_ID,
  FIRST_DLT,
  DLTS,
  PER_TRACE,
  at,
  traceUuid,
  serviceOf,
} from "./views-scale.ts";

/** Also of the minutes to come, in which the views are asked for what is now. */
export function rollups(nowMs: number, latency: string): string[] {
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

export function groupsThen(nowMs: number): string[] {
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

export function troubles(nowMs: number): string[] {
  const before = (step: string) => `${at(nowMs)} - ${step}`;
  const plan = `
    jsonb_build_object(
      'token', 'bench', 'input',
      '{"kind": "redrive", "select": {"by": "fingerprint", "fingerprint": "fp-1"}}'::jsonb, 'preview',
      '{
        "kind": "redrive", "items": 50, "excluded": [], "targets": [], "keys": [], "ratePerSecond": 50, "cli": ""
      }'::jsonb
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
        '{
          "about": "group", "title": "stuck", "sentence": "it does not read", "verdict": "stalled",
          "cause": null, "facts": [], "incidentId": null
        }'
      FROM generate_series(1, ${SCALE.alerts}) i`,
    `
      SELECT setval(pg_get_serial_sequence(t, 'id'), 100000)
      FROM unnest(
        ARRAY['replay_runs', 'incidents', 'consumer_groups', 'destinations', 'event_types', 'services', 'clusters']
      ) t`,
  ];
}
