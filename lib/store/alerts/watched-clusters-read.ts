/** The clusters that the alert rules are evaluated for. On the connection that holds the lock. */
import type pg from "pg";
import type { WatchedCluster } from "#lib/domain/alert/rule.ts";
import { epochMs, wordOf } from "../db/rows.ts";

/** A tap whose last heartbeat is older than this is not running. */
const HEARTBEAT_WITHIN_S = 15;

/** Whether the taps reach these clusters, and when each was last polled. */
export async function readWatchedClusters(
  client: pg.Client,
  clusters: readonly string[],
  pollEveryMs: number,
): Promise<WatchedCluster[]> {
  const { rows } = await client.query<{
    id: number;
    name: string;
    state: string;
    state_reason: string | null;
    inspected_ms: number | null;
    tap_ms: number | null;
  }>(
    `
      SELECT id, name, state, state_reason, ${epochMs("inspected_at")} AS inspected_ms,
        (
          SELECT ${epochMs("min(started_at)")}
          FROM tap_processes
          WHERE stopped_at IS NULL AND heartbeat_at > now() - $2::int * interval '1 second'
        ) AS tap_ms
      FROM clusters
      WHERE name = ANY($1)
      ORDER BY id`,
    [clusters, HEARTBEAT_WITHIN_S],
  );
  return rows.map((row) => ({
    ...{ about: "cluster", clusterId: row.id, cluster: row.name, group: "" },
    ...{
      isRefused: wordOf("clusters.state", row.state) === "unreachable",
      reason: row.state_reason,
      polledAtMs: row.inspected_ms,
      pollEveryMs,
      tapSinceMs: row.tap_ms,
    },
  }));
}
