/** Dead letters and error events, one by one. */
import type { FailureStatus } from "#lib/domain/failure/triage.ts";
import type { PrismaClient } from "../db/database.ts";
import { checkWords } from "../db/rows.ts";
import { membersOf } from "./triage-read.ts";
import { Prisma } from "../prisma/generated/client.ts";

export interface FailureColumns {
  readonly id: bigint;
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
  readonly failedAt: Date;
  readonly format: string;
  readonly fingerprint: string;
  readonly originalTopic: string | null;
  readonly originalPartition: number | null;
  readonly originalPosition: bigint | null;
  readonly originalAt: Date | null;
  readonly group: string | null;
  readonly exceptionClass: string | null;
  readonly rootCauseClass: string | null;
  readonly message: string | null;
  readonly stack: string | null;
  readonly attempt: number | null;
  readonly traceId: string | null;
  readonly type: string | null;
  readonly service: string | null;
  readonly key: string | null;
  readonly status: FailureStatus;
}

export async function readFailures(
  prisma: PrismaClient,
  head: string,
  status: string | undefined,
  limit: number,
  offset: number,
): Promise<FailureColumns[]> {
  const rows = await prisma.$queryRaw<FailureColumns[]>`
    SELECT f.id, c.name AS cluster, d.name AS topic, f.partition, f.position, f.failed_at AS "failedAt",
      f.format, f.fingerprint, f.original_destination AS "originalTopic",
      f.original_partition AS "originalPartition", f.original_position AS "originalPosition",
      f.original_at AS "originalAt", f.group_name AS "group", f.exception_class AS "exceptionClass",
      f.root_cause_class AS "rootCauseClass", f.message, f.stack, f.attempt, f.trace_id AS "traceId",
      t.name AS type, s.name AS service, f.key, f.status
    FROM failures f
    JOIN destinations d ON d.id = f.destination_id
    LEFT JOIN event_types t ON t.id = f.type_id
    JOIN clusters c ON c.id = f.cluster_id
    LEFT JOIN services s ON s.id = f.service_id
    WHERE f.fingerprint = ANY(${membersOf(Prisma.sql`${head}::text`)})
      AND (${status ?? null}::text IS NULL OR f.status = ${status ?? null})
    ORDER BY f.failed_at DESC, f.id DESC
    LIMIT ${limit} OFFSET ${offset}`;
  return checkWords(rows, { status: "failures.status" });
}
