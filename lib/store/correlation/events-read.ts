/** The events of a window and of their traces, as the correlator needs them. */
import type pg from "pg";
import { EVENT_FLAG, hasFlag, traceOriginOf } from "#lib/domain/message/flags.ts";
import type { TraceEvent } from "#lib/domain/correlation/trace.ts";
import { bigintOf } from "../db/rows.ts";
import type { Producer } from "../publishers/producers-read.ts";
import type { StoredBatch } from "./batches-read.ts";

/** One event with the trace it belongs to, conversations resolved. */
export interface CorrelatedEvent extends TraceEvent {
  readonly traceUuid: string;
  /** the conversation it names beside a trace of its own */
  readonly aliasUuid: string | null;
  readonly storedAtMs: number;
  readonly partition: number;
  readonly position: bigint;
  readonly isError: boolean;
  /** it reports an error itself and is no dead letter */
  readonly isErrorEvent: boolean;
  /** of the producer that wrote it, where it does not name its service itself or was written in a transaction */
  readonly producerId: bigint | null;
  /** what is known of that producer */
  readonly producer?: Producer;
}

interface EventColumns {
  readonly destination_id: number;
  readonly partition: number;
  readonly position: string;
  readonly stored_ms: number;
  readonly occurred_ms: number;
  readonly trace: string;
  readonly own_trace: string;
  readonly conversation_id: string | null;
  readonly span_id: string | null;
  readonly parent_span_id: string | null;
  readonly message_ref: string | null;
  readonly cause_ref: string | null;
  readonly type_id: number | null;
  readonly key_hash: string | null;
  readonly service_id: number | null;
  readonly producer_id: string | null;
  readonly flags: number;
}

const COLUMNS = `
  e.destination_id, e.partition, e.position, extract(epoch FROM e.stored_at)::float8 * 1000 AS stored_ms,
  extract(epoch FROM e.occurred_at)::float8 * 1000 AS occurred_ms, e.trace_id AS own_trace, e.conversation_id,
  e.span_id, e.parent_span_id, e.message_ref, e.cause_ref, e.type_id, hashtextextended(e.key, 0) AS key_hash,
  e.service_id, e.producer_id, e.flags`;

/** `destination/partition/position`: unlike any other event's. */
export const eventId = (destinationId: number, partition: number, position: bigint | string): string =>
  `${destinationId}/${partition}/${position}`;

function eventOf(row: EventColumns): CorrelatedEvent {
  return {
    id: eventId(row.destination_id, row.partition, row.position),
    traceUuid: row.trace,
    aliasUuid: row.conversation_id !== null && row.conversation_id !== row.own_trace ? row.conversation_id : null,
    storedAtMs: Math.round(row.stored_ms),
    occurredAtMs: Math.round(row.occurred_ms),
    destinationId: row.destination_id,
    partition: row.partition,
    position: BigInt(row.position),
    serviceId: row.service_id,
    producerId: bigintOf(row.producer_id),
    typeId: row.type_id,
    key: bigintOf(row.key_hash),
    ownTrace: traceOriginOf(row.flags) === "conversation" ? null : row.own_trace,
    spanId: bigintOf(row.span_id),
    parentSpanId: bigintOf(row.parent_span_id),
    messageRef: bigintOf(row.message_ref),
    causeRef: bigintOf(row.cause_ref),
    isCopy: hasFlag(row.flags, EVENT_FLAG.deadLetter | EVENT_FLAG.retryHop | EVENT_FLAG.replayed),
    isError: hasFlag(row.flags, EVENT_FLAG.deadLetter | EVENT_FLAG.error),
    isErrorEvent: hasFlag(row.flags, EVENT_FLAG.error) && !hasFlag(row.flags, EVENT_FLAG.deadLetter),
  };
}

/** An alias older than this may be an endless conversation; it no longer adds events to its first trace. */
const ALIAS_FRESH = "1 hour";

/**
 * The traced events of these batches, of a share of the traces chosen by hashing their ids: the same traces for every
 * window and worker. Inside a transaction.
 */
export async function readWindowEvents(
  client: pg.Client,
  batches: readonly StoredBatch[],
  share: number,
): Promise<CorrelatedEvent[]> {
  if (batches.length === 0) return [];
  const stored = batches.map((batch) => batch.storedAtMs);
  // A window is a small part of its hour, but the statistics of a table that grows do not know the newest rows.
  await client.query("SET LOCAL enable_seqscan = off");
  const { rows } = await client.query<EventColumns>(
    `
      SELECT ${COLUMNS}, coalesce(a.trace_id, e.trace_id) AS trace
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[])
        AS b(destination_id, partition, first_position, last_position)
      JOIN events e ON e.destination_id = b.destination_id
        AND e.partition = b.partition
        AND e.position BETWEEN b.first_position AND b.last_position
      LEFT JOIN trace_aliases a ON a.conversation_id = e.trace_id
        AND a.seen_at > now() - interval '${ALIAS_FRESH}'
      WHERE e.stored_at >= to_timestamp($5::float8 / 1000)
        AND e.stored_at < to_timestamp($6::float8 / 1000)
        AND e.trace_id IS NOT NULL
        AND (
          (uuid_hash_extended(e.trace_id, 0) & 65535) < $7::int
          OR e.trace_id IN (
            SELECT conversation_id
            FROM trace_aliases
            WHERE seen_at > now() - interval '${ALIAS_FRESH}'
          )
        )
        AND (uuid_hash_extended(coalesce(a.trace_id, e.trace_id), 0) & 65535) < $7::int`,
    [
      batches.map((b) => b.destinationId),
      batches.map((b) => b.partition),
      batches.map((b) => b.firstPosition),
      batches.map((b) => b.lastPosition),
      Math.min(...stored) - 1,
      Math.max(...stored) + 1,
      Math.ceil(share * 65536),
    ],
  );
  await client.query("SET LOCAL enable_seqscan = on");
  return rows.map(eventOf);
}

/** The latest events of these traces, each trace's own and those of the conversations folded into it. */
export async function readCorrelatedTraceEvents(
  client: pg.Client,
  traceUuids: readonly string[],
  sinceMs: number,
  perTrace: number,
): Promise<CorrelatedEvent[]> {
  if (traceUuids.length === 0) return [];
  const { rows } = await client.query<EventColumns>(
    `
      WITH wanted AS (
        SELECT id, id AS trace
        FROM unnest($1::uuid[]) AS u(id)
        UNION
        SELECT a.conversation_id, a.trace_id
        FROM trace_aliases a
        WHERE a.trace_id = ANY($1) AND a.seen_at > now() - interval '${ALIAS_FRESH}'
      )
      SELECT ${COLUMNS}, w.trace
      FROM wanted w
      CROSS JOIN LATERAL (
        SELECT *
        FROM events k
        WHERE k.trace_id = w.id AND k.stored_at > to_timestamp($2::float8 / 1000)
        ORDER BY k.stored_at DESC
        LIMIT $3
      ) e`,
    [traceUuids, sinceMs, perTrace],
  );
  return rows.map(eventOf);
}
