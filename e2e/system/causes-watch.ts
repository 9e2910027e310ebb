/** Polls once a second what Flowtap reports about every group. */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { GroupsQuery, GroupsView, type GroupRow } from "#lib/contracts/groups.ts";
import type { Cause } from "#lib/domain/health/cause.ts";
import { listGroups } from "#lib/queries/groups.ts";
import { openDatabase } from "#lib/store/db/database.ts";

export interface Reported {
  readonly atMs: number;
  readonly row: GroupRow;
}

export interface CausesWatch {
  /** everything reported about a group, oldest first */
  of(cluster: string, group: string): readonly Reported[];
  /** When this was first reported about the group after `sinceMs`; null: not within the time. */
  untilReported(
    cluster: string,
    group: string,
    sinceMs: number,
    withinMs: number,
    holds: (row: GroupRow) => boolean,
  ): Promise<number | null>;
  stop(): Promise<void>;
}

const EVERY_MS = 1000;
/** more than the tests have groups */
const EVERY_GROUP = 200;

/** Runs the query of the list of groups, and checks each answer against its contract. */
export function watchGroups(databaseUrl: string): CausesWatch {
  const database = openDatabase({ url: databaseUrl, poolSize: 1, prismaPoolSize: 2 });
  const deps = {
    prisma: database.prisma,
    readerOf: () => null,
    rules: {
      correlationHeaders: [],
      correlationJsonPaths: [],
      typeHeaders: [],
      typeJsonPaths: [],
      serviceHeaders: [],
      producers: [],
      deadLetterTopics: [],
      retryTopics: [],
      errorEvents: [],
      groupServices: [],
    },
    now: () => Date.now(),
    version: "test",
  };
  const reported = new Map<string, Reported[]>();
  let going = true;
  const loop = (async () => {
    while (going) {
      const answer = await listGroups(deps, GroupsQuery.parse({ limit: EVERY_GROUP }));
      if (!answer.ok) throw new Error(answer.error.message);
      const atMs = Date.now();
      for (const row of GroupsView.parse(answer.value).items) {
        const key = `${row.cluster}/${row.group}`;
        reported.set(key, [...(reported.get(key) ?? []), { atMs, row }]);
      }
      await sleep(EVERY_MS);
    }
  })();
  // Its error is thrown by the next `untilReported`, or by `stop`.
  loop.catch(() => undefined);
  const of = (cluster: string, group: string): readonly Reported[] => reported.get(`${cluster}/${group}`) ?? [];
  return {
    of,
    untilReported: async (cluster, group, sinceMs, withinMs, holds) => {
      while (Date.now() < sinceMs + withinMs) {
        const found = of(cluster, group).find(({ atMs, row }) => atMs > sinceMs && holds(row));
        if (found !== undefined) return found.atMs;
        await Promise.race([sleep(250), loop]);
      }
      return null;
    },
    stop: async () => {
      going = false;
      await loop;
      await database.close();
    },
  };
}

export interface IncidentSeen {
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly causes: readonly (Cause | null)[];
}

/** The incidents of a group with every cause they ever had, also those between two polls of the test. */
export async function incidentsOf(pool: pg.Pool, cluster: string, group: string): Promise<IncidentSeen[]> {
  const { rows } = await pool.query<IncidentSeen>(
    `
      SELECT i.opened_at AS "openedAt", i.closed_at AS "closedAt",
        array_agg(c.cause ORDER BY c.at, c.id) AS causes
      FROM incidents i
      JOIN incident_changes c ON c.incident_id = i.id
      JOIN consumer_groups g ON g.id = i.group_id
      JOIN clusters k ON k.id = g.cluster_id
      WHERE k.name = $1 AND g.name = $2
      GROUP BY i.id
      ORDER BY i.opened_at`,
    [cluster, group],
  );
  return rows;
}
