/** Summaries of traces. In the transaction of the cursor. */
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
        "traceUuid" uuid, "firstAtMs" float8, "lastAtMs" float8, events bigint, errors bigint, "rootTypeId" int,
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
        extract(epoch FROM o.last_at)::float8 * 1000 AS last_ms, o.events::float8 AS events,
        o.errors::float8 AS errors, o.root_type_id, o.root_service_id, o.root_destination, o.service_ids,
        o.destination_ids, coalesce(o.type_ids, '{}') AS type_ids`,
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
