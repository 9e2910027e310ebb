/** Failures, replays, incidents and alerts, as SQL. */
import { at, FIRST_DLT, DLTS, PARTITIONS, SCALE, traceUuid, LARGEST_RUN } from "./views-scale.ts";

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
