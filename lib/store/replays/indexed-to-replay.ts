/** The indexed events a redrive is planned from, as they were published. */
import { EVENT_FLAG } from "#lib/domain/message/flags.ts";
import type { EventToReplay } from "#lib/domain/replay/event-to-replay.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { inHandOf } from "./plan.ts";
import { readWithin } from "../db/timed-read.ts";
import { openFailureAt, asPublished } from "./published-events.ts";

export type IndexedChosen =
  | { readonly by: "trace"; readonly traceUuids: readonly string[]; readonly since: Date }
  | { readonly by: "key"; readonly cluster: string; readonly key: string; readonly topics: readonly string[] | null };

interface IndexedRow {
  cluster: string;
  topic: string;
  partition: number;
  position: bigint;
  occurredAt: Date;
  key: string | null;
  flags: number;
  sizeBytes: number;
  logStart: bigint | null;
  failureId: bigint | null;
  inAnotherRun: boolean | null;
  groupName: string | null;
}

const NOT_AS_PUBLISHED = EVENT_FLAG.deadLetter | EVENT_FLAG.retryHop;
const TIMEOUT_MS = 15_000;

/**
 * Indexed events as they were published, oldest first, with the open failure that sending each again would mend. Null:
 * it took too long to look.
 */
export async function readIndexedToReplay(
  prisma: PrismaClient,
  chosen: IndexedChosen,
  limit: number,
): Promise<EventToReplay[] | null> {
  const where =
    chosen.by === "trace"
      ? Prisma.sql`x.trace_id = ANY(${[...chosen.traceUuids]}::uuid[]) AND x.stored_at >= ${chosen.since}`
      : Prisma.sql`
        x.key = ${chosen.key}
        AND x.destination_id = ANY(ARRAY(
          SELECT o.id
          FROM destinations o
          JOIN clusters k ON k.id = o.cluster_id
          WHERE k.name = ${chosen.cluster} AND o.role = 'event' AND o.gone_at IS NULL
          ${chosen.topics === null ? Prisma.empty : Prisma.sql`AND o.name = ANY(${[...chosen.topics]}::text[])`}
        ))`;
  const failureOfEvent = openFailureAt(Prisma.sql`e.destination_id`, Prisma.sql`e.partition`, Prisma.sql`e.position`);
  const rows = await readWithin(
    prisma,
    TIMEOUT_MS,
    (transaction) => transaction.$queryRaw<IndexedRow[]>`
      WITH e AS MATERIALIZED (
        SELECT x.*
        FROM events x
        JOIN destinations y ON y.id = x.destination_id
        WHERE ${where} AND y.role = 'event' AND y.gone_at IS NULL AND x.flags & ${NOT_AS_PUBLISHED}::int = 0
        ORDER BY x.occurred_at, x.stored_at
        LIMIT ${limit}
      )
      SELECT c.name AS cluster, d.name AS topic, e.partition, e.position, e.occurred_at AS "occurredAt",
        e.key, e.flags, e.size_bytes AS "sizeBytes", po.log_start_offset AS "logStart", f.id AS "failureId",
        ${inHandOf(Prisma.sql`f.id`)} AS "inAnotherRun", f.group_name AS "groupName"
      FROM e
      JOIN destinations d ON d.id = e.destination_id
      JOIN clusters c ON c.id = d.cluster_id
      LEFT JOIN partition_offsets po ON po.destination_id = e.destination_id AND po.partition = e.partition
      LEFT JOIN LATERAL (${failureOfEvent}) f ON true`,
  );
  return rows === null
    ? null
    : rows.map((row) =>
        asPublished(
          {
            ...row,
            offset: row.position,
            atMs: row.occurredAt.getTime(),
            isCopyOfReplay: (row.flags & EVENT_FLAG.replayed) !== 0,
          },
          row.failureId === null
            ? null
            : { id: row.failureId, inAnotherRun: row.inAnotherRun === true, groupName: row.groupName },
        ),
      );
}
