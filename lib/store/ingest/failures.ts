import type pg from "pg";
import { storableTimeMs } from "#lib/domain/message/times.ts";
import { storableText } from "#lib/domain/text/text.ts";

export interface FailureRow {
  destinationId: number;
  partition: number;
  position: bigint;
  failedAtMs: number;
  format: string;
  fingerprint: string;
  title: string;
  originalDestination: string | null;
  originalPartition: number | null;
  originalPosition: bigint | null;
  originalAtMs: number | null;
  groupName: string | null;
  exceptionClass: string | null;
  rootCauseClass: string | null;
  message: string | null;
  stack: string | null;
  attempt: number | null;
  traceId: string | null;
  typeId: number | null;
  serviceId: number | null;
  key: string | null;
}

const INT32 = 0x7fffffff;
const INT64 = 2n ** 63n;

// One JSON text, not an array per column: failures are few, and most columns are null.
const INSERT = `
  INSERT INTO failures (
    cluster_id, destination_id, partition, position, failed_at, format, fingerprint, title,
    original_destination, original_destination_id, original_partition, original_position, original_at,
    group_name, exception_class, root_cause_class, message, stack, attempt, trace_id, type_id, service_id,
    key, stored_at
  )
  SELECT $1, f."destinationId", f.partition, f.position, to_timestamp(f."failedAtMs" / 1000.0), f.format,
    f.fingerprint, f.title, f."originalDestination",
    (
      SELECT id
      FROM destinations d
      WHERE d.cluster_id = $1 AND d.name = f."originalDestination"
    ),
    f."originalPartition", f."originalPosition", to_timestamp(f."originalAtMs" / 1000.0), f."groupName",
    f."exceptionClass", f."rootCauseClass", f.message, f.stack, f.attempt, f."traceId", f."typeId",
    f."serviceId", f.key, to_timestamp($3::bigint / 1000.0)
  FROM json_to_recordset($2::json) AS f(
    "destinationId" int, partition int, position bigint, "failedAtMs" bigint, format text, fingerprint text,
    title text, "originalDestination" text, "originalPartition" int, "originalPosition" bigint,
    "originalAtMs" bigint, "groupName" text, "exceptionClass" text, "rootCauseClass" text, message text,
    stack text, attempt int, "traceId" uuid, "typeId" int, "serviceId" int, key text
  )
  ON CONFLICT (destination_id, partition, position) DO NOTHING`;

/** In the caller's transaction. A dead letter that is already stored is left unchanged, so that its status stays. */
export async function insertFailures(
  client: pg.PoolClient,
  clusterId: number,
  storedAtMs: number,
  rows: readonly FailureRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(INSERT, [clusterId, JSON.stringify(rows.map(storable)), storedAtMs]);
}

/** Numbers and times from headers can have any value; a value outside the column's range becomes null. */
function storable(row: FailureRow): Record<string, unknown> {
  const texts = Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, unknown] => [
      name,
      typeof value === "string" ? storableText(value) : typeof value === "bigint" ? String(value) : value,
    ]),
  );
  return {
    ...texts,
    failedAtMs: storableTimeMs(Math.trunc(row.failedAtMs)),
    originalAtMs:
      row.originalAtMs !== null && storableTimeMs(row.originalAtMs) === row.originalAtMs
        ? Math.trunc(row.originalAtMs)
        : null,
    originalPartition: int32(row.originalPartition),
    attempt: int32(row.attempt),
    originalPosition:
      row.originalPosition !== null && row.originalPosition >= -INT64 && row.originalPosition < INT64
        ? String(row.originalPosition)
        : null,
  };
}

const int32 = (value: number | null): number | null =>
  value !== null && Number.isInteger(value) && Math.abs(value) <= INT32 ? value : null;
