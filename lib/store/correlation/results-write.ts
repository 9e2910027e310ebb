/** What the correlator concludes. Inside the transaction that moves its cursor, so that everything is counted once. */
import type pg from "pg";
import { encodeSketch, mergeSketches, type LatencySketch } from "../db/sketch.ts";

export interface CauseTotal {
  readonly bucketMs: number;
  readonly fromDestinationId: number;
  readonly fromTypeId: number;
  readonly groupId: number;
  readonly toDestinationId: number;
  readonly toTypeId: number;
  readonly knownBy: "declared" | "inferred";
  events: number;
  errors: number;
  confidence: number;
  readonly latency: LatencySketch;
}

const merged = (stored: Uint8Array | null | undefined, latency: LatencySketch): Buffer | null => {
  const bytes = encodeSketch(
    stored === null || stored === undefined ? latency : mergeSketches([stored, encodeSketch(latency)]),
  );
  return bytes === null ? null : Buffer.from(bytes);
};

const CAUSE_KEY = "unnest($1::float8[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::text[])";

/** `share` is the part of all traces that was looked at: counts are scaled up by it. */
export async function addCauses(client: pg.Client, totals: readonly CauseTotal[], share: number): Promise<void> {
  if (totals.length === 0) return;
  const key = [
    totals.map((t) => t.bucketMs),
    totals.map((t) => t.fromDestinationId),
    totals.map((t) => t.fromTypeId),
    totals.map((t) => t.groupId),
    totals.map((t) => t.toDestinationId),
    totals.map((t) => t.toTypeId),
    totals.map((t) => t.knownBy),
  ];
  const { rows } = await client.query<{ place: number; latency: Uint8Array | null }>(
    `
      SELECT (u.place - 1)::int AS place, r.latency
      FROM ${CAUSE_KEY}
        WITH ORDINALITY AS u(ms, from_id, from_type, group_id, to_id, to_type, known_by, place)
      JOIN cause_rollups r ON r.bucket = to_timestamp(u.ms / 1000)
        AND r.from_destination_id = u.from_id
        AND r.from_type_id = u.from_type
        AND r.group_id = u.group_id
        AND r.to_destination_id = u.to_id
        AND r.to_type_id = u.to_type
        AND r.known_by = u.known_by`,
    key,
  );
  const stored = new Map(rows.map((row) => [row.place, row.latency]));
  const scaled = (count: number) => Math.round(count / share);
  await client.query(
    `
      INSERT INTO cause_rollups AS r (
        bucket, from_destination_id, from_type_id, group_id, to_destination_id, to_type_id, known_by, events,
        errors, confidence_milli, sampled_share, latency
      )
      SELECT to_timestamp(u.ms / 1000), u.from_id, u.from_type, u.group_id, u.to_id, u.to_type, u.known_by,
        u.events, u.errors, u.confidence, $11, u.latency
      FROM unnest(
        $1::float8[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::text[], $8::bigint[],
        $9::bigint[], $10::bigint[], $12::bytea[]
      ) AS u(ms, from_id, from_type, group_id, to_id, to_type, known_by, events, errors, confidence, latency)
      ON CONFLICT (
        bucket, from_destination_id, from_type_id, group_id, to_destination_id, to_type_id, known_by
      ) DO UPDATE
      SET events = r.events + EXCLUDED.events,
        errors = r.errors + EXCLUDED.errors,
        confidence_milli = r.confidence_milli + EXCLUDED.confidence_milli,
        sampled_share = least(r.sampled_share, EXCLUDED.sampled_share),
        latency = EXCLUDED.latency`,
    [
      ...key,
      totals.map((t) => scaled(t.events)),
      totals.map((t) => scaled(t.errors)),
      totals.map((t) => scaled(t.confidence * 1000)),
      share,
      totals.map((t, place) => merged(stored.get(place), t.latency)),
    ],
  );
}

export interface ConsumeTotal {
  readonly bucketMs: number;
  readonly groupId: number;
  readonly destinationId: number;
  consumed: bigint;
  errors: number;
  readonly latency: LatencySketch;
}

export async function addConsumption(client: pg.Client, totals: readonly ConsumeTotal[]): Promise<void> {
  if (totals.length === 0) return;
  const ordered = [...totals].sort(
    (a, b) => a.groupId - b.groupId || a.destinationId - b.destinationId || a.bucketMs - b.bucketMs,
  );
  const key = [ordered.map((t) => t.bucketMs), ordered.map((t) => t.groupId), ordered.map((t) => t.destinationId)];
  const { rows } = await client.query<{ place: number; latency: Uint8Array | null }>(
    `
      SELECT (u.place - 1)::int AS place, r.latency
      FROM unnest($1::float8[], $2::int[], $3::int[])
        WITH ORDINALITY AS u(ms, group_id, destination_id, place)
      JOIN consume_rollups r ON r.bucket = to_timestamp(u.ms / 1000)
        AND r.group_id = u.group_id
        AND r.destination_id = u.destination_id`,
    key,
  );
  const stored = new Map(rows.map((row) => [row.place, row.latency]));
  await client.query(
    `
      INSERT INTO consume_rollups AS r (bucket, group_id, destination_id, consumed, errors, latency)
      SELECT to_timestamp(u.ms / 1000), u.group_id, u.destination_id, u.consumed, u.errors, u.latency
      FROM unnest($1::float8[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bytea[])
        AS u(ms, group_id, destination_id, consumed, errors, latency)
      ORDER BY 2, 3
      ON CONFLICT (bucket, group_id, destination_id) DO UPDATE
      SET consumed = r.consumed + EXCLUDED.consumed,
        errors = r.errors + EXCLUDED.errors,
        latency = coalesce(EXCLUDED.latency, r.latency)`,
    [
      ...key,
      ordered.map((t) => t.consumed),
      ordered.map((t) => t.errors),
      ordered.map((t, place) => merged(stored.get(place), t.latency)),
    ],
  );
}

export interface TraceTotal {
  readonly traceUuid: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly events: number;
  readonly errors: number;
  readonly rootTypeId: number | null;
  readonly rootServiceId: number | null;
  readonly rootDestinationId: number;
  readonly serviceIds: readonly number[];
  readonly destinationIds: readonly number[];
  readonly typeIds: readonly number[];
}

export async function addTraces(client: pg.Client, totals: readonly TraceTotal[]): Promise<void> {
  if (totals.length === 0) return;
  const ordered = [...totals].sort((a, b) => (a.traceUuid < b.traceUuid ? -1 : 1));
  await client.query(
    `
      INSERT INTO traces AS t (
        trace_id, first_at, last_at, events, errors, root_type_id, root_service_id, root_destination,
        service_ids, destination_ids, type_ids
      )
      SELECT "traceUuid", to_timestamp("firstAtMs" / 1000), to_timestamp("lastAtMs" / 1000), events, errors,
        "rootTypeId", "rootServiceId", "rootDestinationId", "serviceIds", "destinationIds", "typeIds"
      FROM json_to_recordset($1) AS u(
        "traceUuid" uuid, "firstAtMs" float8, "lastAtMs" float8, events int, errors int, "rootTypeId" int,
        "rootServiceId" int, "rootDestinationId" int, "serviceIds" int[], "destinationIds" int[],
        "typeIds" int[]
      )
      ON CONFLICT (trace_id) DO UPDATE
      SET first_at = least(t.first_at, EXCLUDED.first_at),
        last_at = greatest(t.last_at, EXCLUDED.last_at),
        events = t.events + EXCLUDED.events,
        errors = t.errors + EXCLUDED.errors,
        root_type_id = CASE WHEN EXCLUDED.first_at < t.first_at THEN EXCLUDED.root_type_id ELSE t.root_type_id END,
        root_service_id = CASE
          WHEN EXCLUDED.first_at < t.first_at THEN EXCLUDED.root_service_id
          ELSE t.root_service_id
        END,
        root_destination = CASE
          WHEN EXCLUDED.first_at < t.first_at THEN EXCLUDED.root_destination
          ELSE t.root_destination
        END,
        service_ids = ARRAY(
          SELECT DISTINCT unnest(t.service_ids || EXCLUDED.service_ids)
          ORDER BY 1
          LIMIT 200
        ),
        destination_ids = ARRAY(
          SELECT DISTINCT unnest(t.destination_ids || EXCLUDED.destination_ids)
          ORDER BY 1
          LIMIT 200
        ),
        type_ids = ARRAY(SELECT DISTINCT unnest(t.type_ids || EXCLUDED.type_ids) ORDER BY 1 LIMIT 200)`,
    [JSON.stringify(ordered)],
  );
}

/**
 * Keeps which conversations belong to which traces. The first trace that names a conversation has it, until nobody
 * did for an hour.
 */
export async function addAliases(client: pg.Client, aliases: ReadonlyMap<string, string>): Promise<void> {
  if (aliases.size === 0) return;
  await client.query(
    `
      INSERT INTO trace_aliases AS a (conversation_id, trace_id, seen_at)
      SELECT *, now()
      FROM unnest($1::uuid[], $2::uuid[])
      ORDER BY 1
      ON CONFLICT (conversation_id) DO UPDATE
      SET trace_id = EXCLUDED.trace_id, seen_at = EXCLUDED.seen_at
      WHERE a.seen_at < now() - interval '1 hour'`,
    [[...aliases.keys()], [...aliases.values()]],
  );
}

/** A conversation of more traces than this is a standing key (a customer, a session), not one flow. */
const TRACES_PER_CONVERSATION = 16;

export interface Joining {
  readonly trace: string;
  readonly owner: string;
  readonly conversation: string;
}

/**
 * Lets traces belong to another from now on, with all that belonged to them: where the conversation has an event
 * without any trace, which is where its trace broke off, and as long as the owner has not drawn too many.
 */
export async function joinTraces(client: pg.Client, joinings: readonly Joining[]): Promise<void> {
  if (joinings.length === 0) return;
  await client.query(
    `
      WITH asked AS (
        SELECT u.trace, u.owner, row_number() OVER (PARTITION BY u.owner ORDER BY u.trace) AS place
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS u(trace, owner, conversation)
        WHERE EXISTS (
          SELECT 1
          FROM events e
          WHERE e.trace_id = u.conversation AND e.stored_at > now() - interval '1 hour'
        )
      ),
      allowed AS (
        SELECT q.trace, q.owner
        FROM asked q
        WHERE q.place + (SELECT count(*) FROM trace_aliases x WHERE x.trace_id = q.owner)
          <= ${TRACES_PER_CONVERSATION}
      ),
      moved AS (
        UPDATE trace_aliases a
        SET trace_id = w.owner
        FROM allowed w
        WHERE a.trace_id = w.trace
      )
      INSERT INTO trace_aliases (conversation_id, trace_id, seen_at)
      SELECT trace, owner, now()
      FROM allowed
      ON CONFLICT (conversation_id) DO NOTHING`,
    [joinings.map((j) => j.trace), joinings.map((j) => j.owner), joinings.map((j) => j.conversation)],
  );
}

/** The trace each of these conversations belongs to, where it belongs to one. */
export async function readAliases(client: pg.Client, conversations: readonly string[]): Promise<Map<string, string>> {
  if (conversations.length === 0) return new Map();
  const { rows } = await client.query<{ conversation_id: string; trace_id: string }>(
    `
      SELECT conversation_id, trace_id
      FROM trace_aliases
      WHERE conversation_id = ANY($1::uuid[]) AND seen_at > now() - interval '1 hour'`,
    [conversations],
  );
  return new Map(rows.map((row) => [row.conversation_id, row.trace_id]));
}

/** Takes away what was summed under conversations before they were known to belong to a trace. */
export async function takeFoldedTraces(client: pg.Client, conversations: readonly string[]): Promise<TraceTotal[]> {
  if (conversations.length === 0) return [];
  const { rows } = await client.query<{
    into: string;
    first_ms: number;
    last_ms: number;
    events: number;
    errors: number;
    root_type_id: number | null;
    root_service_id: number | null;
    root_destination: number;
    service_ids: number[];
    destination_ids: number[];
    type_ids: number[];
  }>(
    `
      DELETE FROM traces o
      USING trace_aliases a
      WHERE o.trace_id = a.conversation_id
        AND a.trace_id <> a.conversation_id
        AND o.trace_id = ANY($1::uuid[])
      RETURNING a.trace_id AS into, extract(epoch FROM o.first_at)::float8 * 1000 AS first_ms,
        extract(epoch FROM o.last_at)::float8 * 1000 AS last_ms, o.events, o.errors, o.root_type_id,
        o.root_service_id, o.root_destination, o.service_ids, o.destination_ids,
        coalesce(o.type_ids, '{}') AS type_ids`,
    [conversations],
  );
  return rows.map((row) => ({
    traceUuid: row.into,
    firstAtMs: row.first_ms,
    lastAtMs: row.last_ms,
    events: row.events,
    errors: row.errors,
    rootTypeId: row.root_type_id,
    rootServiceId: row.root_service_id,
    rootDestinationId: row.root_destination,
    serviceIds: row.service_ids,
    destinationIds: row.destination_ids,
    typeIds: row.type_ids,
  }));
}

export async function notifyCorrelated(client: pg.Client): Promise<void> {
  await client.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "correlated" })]);
}
