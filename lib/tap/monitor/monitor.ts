/**
 * Looks at every cluster in turns: topics, groups, where they stand, and what is to be thought of it. One tap does it
 * for a cluster at a time.
 */
import { openInspector } from "#lib/brokers/kafka/inspect.ts";
import { openReader } from "#lib/brokers/kafka/read.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { ClusterConfig } from "#lib/config/schema.ts";
import { ensureCluster } from "#lib/store/ingest/clusters.ts";
import type { Leadership } from "#lib/store/db/leader-lock.ts";
import type { InspectionCounts } from "#lib/telemetry/inspection.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { BackgroundDeps } from "../background-deps.ts";
import { pause, whileLeading } from "../leading.ts";
import { openCycles } from "./cycle.ts";

export interface MonitorDeps extends BackgroundDeps {
  readonly inspection: InspectionCounts;
}

const NOT_THERE_MS = 2000;
/** a broker that refuses us is asked less and less often, but soon enough for one that only was away */
const REFUSED_MS = 15_000;

/** Resolves when `signal` is aborted. */
export async function startMonitor(deps: MonitorDeps): Promise<void> {
  await Promise.all(deps.config.clusters.map((cluster) => inspectCluster(deps, cluster)));
}

async function inspectCluster(deps: MonitorDeps, cluster: ClusterConfig): Promise<void> {
  const { database, signal } = deps;
  const log = deps.log.child({ cluster: cluster.name });
  const clusterId = await untilThere(() => ensureCluster(database.pool, cluster), log, signal);
  if (clusterId === null) return;
  const inspector = openInspector(cluster, {
    perSecond: deps.config.lag.requestsPerSecond,
    onAnswer: (answer) => deps.inspection.addRequest(cluster.name, answer),
  });
  const reader = openReader(cluster);
  try {
    await whileLeading({ database, log, signal, lock: { kind: "inspect", id: clusterId } }, (lead) =>
      takeTurns(deps, cluster, clusterId, { inspector, reader }, lead, log),
    );
  } finally {
    for (const open of [inspector, reader])
      await open
        .close()
        .catch((error: unknown) => log.warn({ err: error }, "the inspector's connections did not close"));
  }
}

async function untilThere<T>(work: () => Promise<T>, log: Logger, signal: AbortSignal): Promise<T | null> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      log.warn({ err: error }, "the inspector waits for Postgres");
      await pause(NOT_THERE_MS, signal);
    }
  }
  return null;
}

async function takeTurns(
  deps: MonitorDeps,
  cluster: ClusterConfig,
  clusterId: number,
  { inspector, reader }: { inspector: LogInspector; reader: Reader },
  { client }: Leadership,
  log: Logger,
): Promise<() => Promise<number>> {
  const pollMs = deps.config.lag.pollSeconds * 1000;
  const turns = await openCycles({ cluster, clusterId, config: deps.config, inspector, reader, client, log });
  let fault: { readonly reason: string; readonly sinceMs: number } | null = null;
  let faults = 0;

  return async () => {
    const startedAt = Date.now();
    try {
      await turns.look();
      deps.inspection.addTurn(cluster.name, (Date.now() - startedAt) / 1000);
      if (fault !== null) log.info("inspecting again");
      fault = null;
      faults = 0;
    } catch (error) {
      // Postgres' faults end this leadership; the broker's are waited out with what is remembered.
      if (!isBrokerFault(error)) throw error;
      if (fault?.reason !== error.message) log.warn({ err: error }, "the cluster cannot be inspected; trying again");
      fault = { reason: error.message, sinceMs: fault?.sinceMs ?? startedAt };
      await turns.outage(fault.reason, fault.sinceMs);
      faults++;
      return Math.max(pollMs, Math.min(pollMs * 2 ** Math.min(faults, 10), REFUSED_MS));
    }
    return Math.max(200, pollMs - (Date.now() - startedAt));
  };
}
