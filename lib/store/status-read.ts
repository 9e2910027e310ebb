/** What Flowtap knows of itself: clusters, taps, and the few figures every page shows. */
import type { ClusterStatus } from "#lib/contracts/common.ts";
import type { PrismaClient } from "./db/database.ts";
import { wordOf } from "./db/rows.ts";

export async function readClusters(prisma: PrismaClient): Promise<ClusterStatus[]> {
  const clusters = await prisma.cluster.findMany({ orderBy: { name: "asc" } });
  return clusters.map((cluster) => ({
    name: cluster.name,
    system: cluster.system,
    state: wordOf("clusters.state", cluster.state),
    reason: cluster.stateReason,
    since: cluster.stateSince.toISOString(),
    commitSource: wordOf("clusters.commit_source", cluster.commitSource),
  }));
}

export interface TapColumns {
  readonly id: number;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  readonly stoppedAt: Date | null;
  readonly counters: unknown;
}

/** Taps that were heard of in the last day, newest first. */
export function readTaps(prisma: PrismaClient, now: Date): Promise<TapColumns[]> {
  return prisma.tapProcess.findMany({
    where: { heartbeatAt: { gt: new Date(now.getTime() - 86_400_000) } },
    orderBy: { id: "desc" },
    take: 50,
    select: { id: true, host: true, pid: true, startedAt: true, heartbeatAt: true, stoppedAt: true, counters: true },
  });
}

export interface PulseColumns {
  readonly indexedThrough: Date | null;
  readonly events: number;
  readonly errors: number;
  readonly tapBehind: number;
  readonly taps: number;
  readonly groupsStuck: number;
  readonly groupsWarning: number;
  readonly failuresOpen: number;
  readonly replaysRunning: number;
  readonly alertsFiring: number;
  /** moves when a dead letter is stored */
  readonly lastFailureId: bigint;
}

/** `snoozed`: failures that are not counted for now, nor what is merged into them. */
export async function readPulse(
  prisma: PrismaClient,
  since: Date,
  tapsAliveSince: Date,
  snoozed: readonly string[],
): Promise<PulseColumns> {
  const [row] = await prisma.$queryRaw<PulseColumns[]>`
    SELECT (
        SELECT max(last_occurred_at)
        FROM (SELECT last_occurred_at FROM event_batches ORDER BY xid DESC, seq DESC LIMIT 50) newest
      ) AS "indexedThrough",
      published.events, published.errors,
      (
        SELECT coalesce(sum(greatest(o.end_offset - p.next, 0)), 0)::float8
        FROM partition_offsets o
        JOIN tap_positions p USING (destination_id, partition)
        JOIN destinations d ON d.id = o.destination_id
        WHERE d.tapped AND d.role <> 'internal'
      ) AS "tapBehind",
      (
        SELECT count(*)::int
        FROM tap_processes
        WHERE heartbeat_at > ${tapsAliveSince} AND stopped_at IS NULL
      ) AS taps,
      groups.stuck AS "groupsStuck", groups.warning AS "groupsWarning",
      (
        SELECT count(*)::int
        FROM failures
        WHERE status = 'open'
          AND fingerprint <> ALL(ARRAY(
            SELECT unnest(${[...snoozed]}::text[])
            UNION ALL
            SELECT fingerprint
            FROM failure_triages
            WHERE merged_into = ANY(${[...snoozed]}::text[])
          ))
      ) AS "failuresOpen",
      (SELECT count(*)::int FROM replay_runs WHERE status IN ('queued', 'running')) AS "replaysRunning",
      (SELECT count(*)::int FROM alerts WHERE state = 'firing') AS "alertsFiring",
      (SELECT coalesce(max(id), 0) FROM failures) AS "lastFailureId"
    FROM (
      SELECT coalesce(sum(r.events), 0)::float8 AS events,
        coalesce(
          sum(CASE WHEN d.role = 'dead_letter' THEN greatest(r.events, r.errors) ELSE r.errors END), 0
        )::float8 AS errors
      FROM publish_rollups r
      JOIN destinations d ON d.id = r.destination_id AND d.tapped AND d.role <> 'internal'
      WHERE r.bucket >= ${since}
    ) published,
      (
        SELECT (count(*) FILTER (WHERE verdict IN ('stopped', 'stalled', 'rewound')))::int AS stuck,
          (count(*) FILTER (WHERE verdict = 'warning'))::int AS warning
        FROM consumer_groups
        WHERE gone_at IS NULL
      ) groups`;
  if (row === undefined) throw new Error("a query of one row answered with none");
  return row;
}
