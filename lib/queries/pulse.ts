import type { Pulse } from "#lib/contracts/stream.ts";
import { readClusters, readPulse } from "#lib/store/status-read.ts";
import type { QueryDeps } from "./deps.ts";
import { listSnoozed } from "./failures.ts";
import { listHeldUp } from "./held-up.ts";
import { TAP_ALIVE_MS } from "./status.ts";
import { BUCKET_MS, floorTo } from "./steps.ts";

/** The few figures every page shows, and what tells whether there are new failures. */
export async function getPulse(deps: QueryDeps): Promise<{ pulse: Pulse; lastFailureId: bigint }> {
  const nowMs = deps.now();
  // Two buckets, because the newest has only just begun.
  const sinceMs = floorTo(nowMs, BUCKET_MS) - BUCKET_MS;
  const snoozed = await listSnoozed(deps.prisma, new Date(nowMs));
  const [figures, clusters, heldUp] = await Promise.all([
    readPulse(deps.prisma, new Date(sinceMs), new Date(nowMs - TAP_ALIVE_MS), snoozed),
    readClusters(deps.prisma),
    listHeldUp(deps),
  ]);
  const seconds = (nowMs - sinceMs) / 1000;
  const { groupsStuck, groupsWarning, failuresOpen, replaysRunning, alertsFiring } = figures;
  return {
    lastFailureId: figures.lastFailureId,
    pulse: {
      at: new Date(nowMs).toISOString(),
      indexedThrough: figures.indexedThrough?.toISOString() ?? null,
      eventsPerSecond: figures.events / seconds,
      errorsPerSecond: figures.errors / seconds,
      tapBehind: figures.tapBehind,
      taps: figures.taps,
      clusters,
      heldUp,
      database: "connected",
      counts: { groupsStuck, groupsWarning, failuresOpen, replaysRunning, alertsFiring },
    },
  };
}
