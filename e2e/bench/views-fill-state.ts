/** Rollups, states of groups, failures, replays and incidents, as SQL. */
import { SCALE, SPAN_MS, BUSY_ID, PER_TRACE, at, serviceOf } from "./views-scale.ts";

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
