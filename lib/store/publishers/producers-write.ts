/** What producers wrote, which service their records name, and whose offsets their transactions commit. */
import type pg from "pg";

export interface ProducerDestinationRow {
  readonly producerId: bigint;
  readonly destinationId: number;
  readonly isTransactional: boolean;
  readonly records: number;
  /** how many of them name a service themselves */
  readonly namedRecords: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly serviceId: number | null;
  /** its records name several services */
  readonly hasConflict: boolean;
}

/** A transaction of the producer committed offsets of the group. */
export interface ProducerGroup {
  readonly producerId: bigint;
  readonly groupId: number;
  readonly atMs: number;
}

export interface ProducerWritten {
  readonly producerId: bigint;
  /** the one that its records name; null: none or several */
  readonly serviceId: number | null;
}

// Rows are locked in the order of the producers, so that two taps never wait for each other in a circle. What is first
// named stays; another name beside it makes both void.
const WRITE_PRODUCERS = `
  INSERT INTO producers AS p (
    cluster_id, producer_id, first_at, last_at, is_transactional, service_id, service_conflict
  )
  SELECT $1::int, u.producer_id, to_timestamp(min(u.first_ms) / 1000.0), to_timestamp(max(u.last_ms) / 1000.0),
    bool_or(u.is_transactional), min(u.service_id),
    bool_or(u.conflict) OR min(u.service_id) IS DISTINCT FROM max(u.service_id)
  FROM unnest($2::bigint[], $3::float8[], $4::float8[], $5::boolean[], $6::int[], $7::boolean[])
    AS u(producer_id, first_ms, last_ms, is_transactional, service_id, conflict)
  GROUP BY u.producer_id
  ORDER BY u.producer_id
  ON CONFLICT (cluster_id, producer_id) DO UPDATE
  SET first_at = least(p.first_at, EXCLUDED.first_at),
    last_at = greatest(p.last_at, EXCLUDED.last_at),
    is_transactional = p.is_transactional OR EXCLUDED.is_transactional,
    service_id = coalesce(p.service_id, EXCLUDED.service_id),
    service_conflict = p.service_conflict OR EXCLUDED.service_conflict OR p.service_id <> EXCLUDED.service_id IS TRUE
  RETURNING producer_id, CASE WHEN NOT service_conflict THEN service_id END AS service_id`;

const WRITE_DESTINATIONS = `
  INSERT INTO producer_destinations AS p (
    cluster_id, producer_id, destination_id, records, named_records, first_at, last_at
  )
  SELECT $1::int, u.producer_id, u.destination_id, u.records, u.named, to_timestamp(u.first_ms / 1000.0),
    to_timestamp(u.last_ms / 1000.0)
  FROM unnest($2::bigint[], $3::int[], $4::bigint[], $5::float8[], $6::float8[], $7::bigint[])
    AS u(producer_id, destination_id, records, first_ms, last_ms, named)
  ORDER BY u.producer_id, u.destination_id
  ON CONFLICT (cluster_id, producer_id, destination_id) DO UPDATE
  SET records = p.records + EXCLUDED.records,
    named_records = p.named_records + EXCLUDED.named_records,
    first_at = least(p.first_at, EXCLUDED.first_at),
    last_at = greatest(p.last_at, EXCLUDED.last_at)`;

const WRITE_GROUPS = `
  INSERT INTO producers AS p (
    cluster_id, producer_id, first_at, last_at, is_transactional, group_id, group_conflict
  )
  SELECT $1::int, u.producer_id, to_timestamp(min(u.ms) / 1000.0), to_timestamp(max(u.ms) / 1000.0), true,
    min(u.group_id), min(u.group_id) <> max(u.group_id)
  FROM unnest($2::bigint[], $3::int[], $4::float8[]) AS u(producer_id, group_id, ms)
  GROUP BY u.producer_id
  ORDER BY u.producer_id
  ON CONFLICT (cluster_id, producer_id) DO UPDATE
  SET last_at = greatest(p.last_at, EXCLUDED.last_at),
    is_transactional = true,
    group_id = coalesce(p.group_id, EXCLUDED.group_id),
    group_conflict = p.group_conflict OR EXCLUDED.group_conflict OR p.group_id <> EXCLUDED.group_id IS TRUE`;

/**
 * Answers what is known now of those that have written. Statements of their own: rows locked by one of them and wanted
 * by another in between could make two taps wait for each other.
 */
export async function writeProducers(
  pool: pg.Pool,
  clusterId: number,
  {
    written,
    groups,
  }: { readonly written: readonly ProducerDestinationRow[]; readonly groups: readonly ProducerGroup[] },
): Promise<ProducerWritten[]> {
  if (groups.length > 0)
    await pool.query(WRITE_GROUPS, [
      clusterId,
      groups.map((one) => one.producerId),
      groups.map((one) => one.groupId),
      groups.map((one) => one.atMs),
    ]);
  if (written.length === 0) return [];
  const known = written.filter((one) => one.producerId >= 0n);
  const { rows } = await pool.query<{ producer_id: string; service_id: number | null }>(WRITE_PRODUCERS, [
    clusterId,
    known.map((one) => one.producerId),
    known.map((one) => one.firstAtMs),
    known.map((one) => one.lastAtMs),
    known.map((one) => one.isTransactional),
    known.map((one) => one.serviceId),
    known.map((one) => one.hasConflict),
  ]);
  // Last: what has failed is written again, and only this one counts what was written before twice.
  await pool.query(WRITE_DESTINATIONS, [
    clusterId,
    written.map((one) => one.producerId),
    written.map((one) => one.destinationId),
    written.map((one) => one.records),
    written.map((one) => one.firstAtMs),
    written.map((one) => one.lastAtMs),
    written.map((one) => one.namedRecords),
  ]);
  return rows.map((row) => ({ producerId: BigInt(row.producer_id), serviceId: row.service_id }));
}
