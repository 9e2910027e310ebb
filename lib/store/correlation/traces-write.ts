/** Summaries of traces, and which conversations and traces belong together. In the transaction of the cursor. */
import type pg from "pg";

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
 * Stores which trace each conversation belongs to: the first that names it, until no event names it for an hour.
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

/** A conversation of more traces than this is a long-lived key (a customer, a session), not one flow. */
const TRACES_PER_CONVERSATION = 16;

export interface Joining {
  readonly trace: string;
  readonly owner: string;
  readonly conversation: string;
}

/**
 * Joins traces to another from now on, with all their aliases. A trace is joined only where the conversation has an
 * event without a trace id, which is where its trace broke off, and while the owner has few traces.
 */
export async function joinTraces(client: pg.Client, joinings: readonly Joining[]): Promise<void> {
  if (joinings.length === 0) return;
  await client.query(
    `
      WITH asked AS (
        SELECT u.trace, u.owner, row_number() OVER (PARTITION BY u.owner ORDER BY u.trace) AS rank
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
        WHERE q.rank + (SELECT count(*) FROM trace_aliases x WHERE x.trace_id = q.owner)
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

/** Removes and answers the totals of conversations that now belong to a trace. */
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
