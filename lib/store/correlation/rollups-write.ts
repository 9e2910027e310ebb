/** The counts of the correlator, written in the transaction that moves its cursor, so that everything counts once. */
import type pg from "pg";
import type { KnownBy } from "#lib/domain/correlation/known-by.ts";
import { encodeSketch, mergeSketches, type LatencySketch } from "../db/sketch.ts";

export interface CauseTotal {
  readonly bucketMs: number;
  readonly fromDestinationId: number;
  readonly fromTypeId: number;
  readonly groupId: number;
  readonly toDestinationId: number;
  readonly toTypeId: number;
  readonly knownBy: KnownBy;
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

/** `share` is the part of all traces that was correlated: counts are scaled up by it. */
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
  const { rows } = await client.query<{ index: number; latency: Uint8Array | null }>(
    `
      SELECT (u.ordinal - 1)::int AS index, r.latency
      FROM ${CAUSE_KEY}
        WITH ORDINALITY AS u(ms, from_id, from_type, group_id, to_id, to_type, known_by, ordinal)
      JOIN cause_rollups r ON r.bucket = to_timestamp(u.ms / 1000)
        AND r.from_destination_id = u.from_id
        AND r.from_type_id = u.from_type
        AND r.group_id = u.group_id
        AND r.to_destination_id = u.to_id
        AND r.to_type_id = u.to_type
        AND r.known_by = u.known_by`,
    key,
  );
  const stored = new Map(rows.map((row) => [row.index, row.latency]));
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
      totals.map((t, i) => merged(stored.get(i), t.latency)),
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
  const { rows } = await client.query<{ index: number; latency: Uint8Array | null }>(
    `
      SELECT (u.ordinal - 1)::int AS index, r.latency
      FROM unnest($1::float8[], $2::int[], $3::int[])
        WITH ORDINALITY AS u(ms, group_id, destination_id, ordinal)
      JOIN consume_rollups r ON r.bucket = to_timestamp(u.ms / 1000)
        AND r.group_id = u.group_id
        AND r.destination_id = u.destination_id`,
    key,
  );
  const stored = new Map(rows.map((row) => [row.index, row.latency]));
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
      ordered.map((t, i) => merged(stored.get(i), t.latency)),
    ],
  );
}

export async function notifyCorrelated(client: pg.Client): Promise<void> {
  await client.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "correlated" })]);
}
