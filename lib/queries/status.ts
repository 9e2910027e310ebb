import type { StatusView } from "#lib/contracts/health.ts";
import { ok } from "#lib/domain/result.ts";
import { readKeptFrom } from "#lib/store/flow/series-read.ts";
import { readClusters, readTaps } from "#lib/store/status-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { listHeldUp } from "./held-up.ts";

/** Taps say they live every few seconds. */
export const TAP_ALIVE_MS = 15_000;

const COUNTERS = ["received", "stored", "duplicates", "quarantined", "behind"] as const;

/** What Flowtap itself is doing. */
export async function getStatus(deps: QueryDeps): Answer<StatusView> {
  const nowMs = deps.now();
  const [clusters, taps, keptFrom, heldUp] = await Promise.all([
    readClusters(deps.prisma),
    readTaps(deps.prisma, new Date(nowMs)),
    readKeptFrom(deps.prisma),
    listHeldUp(deps),
  ]);
  return ok({
    version: deps.version,
    clusters,
    heldUp,
    taps: taps.map(({ id, host, pid, startedAt, heartbeatAt, stoppedAt, counters }) => ({
      ...{ id, host, pid },
      startedAt: startedAt.toISOString(),
      heartbeatAt: heartbeatAt.toISOString(),
      alive: stoppedAt === null && nowMs - heartbeatAt.getTime() < TAP_ALIVE_MS,
      counters: countersOf(counters),
    })),
    keptFrom: keptFrom?.toISOString() ?? null,
  });
}

function countersOf(json: unknown): StatusView["taps"][number]["counters"] {
  const given: Record<string, unknown> = typeof json === "object" && json !== null ? { ...json } : {};
  return Object.fromEntries(
    COUNTERS.flatMap((name) => (Number.isFinite(Number(given[name] ?? NaN)) ? [[name, Number(given[name])]] : [])),
  );
}
