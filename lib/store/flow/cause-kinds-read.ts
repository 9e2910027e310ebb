/** Which kinds of causes were found between some destinations in a time, and how often. */
import type { CauseKind } from "#lib/domain/correlation/trace.ts";
import type { PrismaClient } from "../db/database.ts";

export interface CauseKindFound extends CauseKind {
  readonly events: number;
}

export function readCauseKinds(
  prisma: PrismaClient,
  destinationIds: readonly number[],
  from: Date,
  to: Date,
): Promise<CauseKindFound[]> {
  const ids = [...destinationIds];
  return prisma.$queryRaw`
    SELECT from_destination_id AS "fromDestinationId", nullif(from_type_id, 0) AS "fromTypeId",
      nullif(group_id, 0) AS "groupId", to_destination_id AS "toDestinationId", nullif(to_type_id, 0) AS "toTypeId",
      sum(events)::float8 AS events
    FROM cause_rollups
    WHERE bucket BETWEEN ${from} AND ${to}
      AND from_destination_id = ANY(${ids}::int[])
      AND to_destination_id = ANY(${ids}::int[])
    GROUP BY 1, 2, 3, 4, 5
    HAVING sum(events) > 0`;
}
