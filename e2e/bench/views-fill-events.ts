/** Events, their batches and their traces, as SQL. */
import {
  SCALE,
  PARTITIONS,
  traceUuid,
  PER_TRACE,
  typeOf,
  serviceOf,
  HOT_REMAINDER,
  HOT_KEY,
  timeOf,
  destinationOf,
} from "./views-scale.ts";

export function indexed(nowMs: number): string[] {
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
