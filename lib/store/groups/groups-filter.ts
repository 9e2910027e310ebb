/** Which groups a list shows, and where its next page begins, as conditions in SQL. */
import type { GroupsQuery } from "#lib/contracts/groups.ts";
import { Prisma } from "../prisma/generated/client.ts";

/**
 * Where the next page of a list begins: after the values by which the last row was sorted. If that row has changed
 * since, the values it had then still count.
 */
export interface GroupListCursor {
  readonly severity: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: bigint | null;
  readonly id: number;
}

export function afterGroup(sort: GroupsQuery["sort"], last: GroupListCursor): Prisma.Sql {
  const { severity, lagMessages, id } = last;
  switch (sort) {
    case "severity":
      return Prisma.sql`
        (g.severity, g.lag_messages) <= (${severity}::int, ${lagMessages}::bigint)
        AND ((g.severity, g.lag_messages) <> (${severity}::int, ${lagMessages}::bigint) OR g.id > ${id})`;
    case "lag":
      return Prisma.sql`
        g.lag_messages <= ${lagMessages}::bigint
        AND (g.lag_messages <> ${lagMessages}::bigint OR g.id > ${id})`;
    case "timeLag":
      return Prisma.sql`
        coalesce(g.time_lag_ms, -1) <= ${last.timeLagMs ?? -1n}::bigint
        AND (coalesce(g.time_lag_ms, -1) <> ${last.timeLagMs ?? -1n}::bigint OR g.id > ${id})`;
    case "name":
      return Prisma.sql`(g.name, g.id) > (SELECT name, id FROM consumer_groups WHERE id = ${id})`;
  }
}

export type GroupFilter = Pick<GroupsQuery, "cluster" | "q" | "verdict" | "cause" | "topic" | "service" | "state">;

export function whereGroups(filter: GroupFilter): Prisma.Sql {
  const parts = [Prisma.sql`g.gone_at IS NULL`];
  if (filter.cluster !== undefined) parts.push(Prisma.sql`c.name = ${filter.cluster}`);
  if (filter.q !== undefined) parts.push(Prisma.sql`strpos(lower(g.name), lower(${filter.q})) > 0`);
  if (filter.state !== undefined) parts.push(Prisma.sql`g.state = ${filter.state}`);
  if (filter.service !== undefined) parts.push(Prisma.sql`s.name = ${filter.service}`);
  if (filter.topic !== undefined) {
    parts.push(
      Prisma.sql`
        EXISTS (
          SELECT 1
          FROM group_partitions p
          WHERE p.group_id = g.id
            AND p.destination_id = ANY(ARRAY(SELECT id FROM destinations WHERE name = ${filter.topic}))
        )`,
    );
  }
  return Prisma.join(parts, " AND ");
}

export const evaluatedAs = ({ verdict, cause }: GroupFilter): Prisma.Sql =>
  Prisma.sql`
    (${verdict ?? null}::text IS NULL OR g.verdict = ${verdict ?? null})
    AND (${cause ?? null}::text IS NULL OR g.cause = ${cause ?? null})`;
