/** Monitors every cluster in cycles: its topics, its groups, their lag and its cause. One tap does so per cluster. */
import { openBroker } from "#lib/brokers/open.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { readProgress } from "#lib/store/groups/progress-read.ts";
import { ensureCluster } from "#lib/store/ingest/clusters.ts";
import type { InspectionCounts } from "#lib/telemetry/inspection.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { BackgroundDeps } from "../background-deps.ts";
import { pause, whileLeading } from "../leading.ts";
import { openStages } from "./stages.ts";
import { Cycle } from "./cycle.ts";

export interface MonitorDeps extends BackgroundDeps {
  readonly inspection: InspectionCounts;
}

const RETRY_POSTGRES_MS = 2000;
/** A broker that does not answer is polled less and less often, but at least this often: it may only have restarted. */
const MAX_BACKOFF_MS = 15_000;

/** Resolves when `signal` is aborted. */
export async function startMonitor(deps: MonitorDeps): Promise<void> {
  await Promise.all(deps.config.clusters.map((cluster) => monitorCluster(deps, cluster)));
}

async function monitorCluster(deps: MonitorDeps, cluster: ClusterConfig): Promise<void> {
  const { database, signal } = deps;
  const log = deps.log.child({ cluster: cluster.name });
  const clusterId = await untilStored(() => ensureCluster(database.pool, cluster), log, signal);
  if (clusterId === null) return;
  const broker = openBroker(cluster);
  const inspector = broker.openInspector({
    perSecond: deps.config.lag.requestsPerSecond,
    onAnswer: (answer) => deps.inspection.addRequest(cluster.name, answer),
    progressBefore: (groups) => readProgress(database.pool, clusterId, groups),
  });
  const reader = broker.openReader();
  try {
    await whileLeading(
      { database, log, signal, lock: { kind: "inspect", id: clusterId }, work: "monitor" },
      async ({ client }) => {
        const stages = await openStages({ cluster, clusterId, config: deps.config, inspector, reader, client, log });
        return nextCycle(deps, cluster, new Cycle(stages), log);
      },
    );
  } finally {
    for (const open of [inspector, reader])
      await open
        .close()
        .catch((error: unknown) => log.warn({ err: error }, "the inspector's connections did not close"));
  }
}

async function untilStored<T>(work: () => Promise<T>, log: Logger, signal: AbortSignal): Promise<T | null> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      log.warn({ err: error }, "the inspector waits for Postgres");
      await pause(RETRY_POSTGRES_MS, signal);
    }
  }
  return null;
}

/** Runs a cycle at each call; answers in how many ms the next one is due. */
function nextCycle(
  { config, inspection }: MonitorDeps,
  cluster: ClusterConfig,
  cycle: Cycle,
  log: Logger,
): () => Promise<number> {
  const pollMs = config.lag.pollSeconds * 1000;
  let fault: { readonly reason: string; readonly sinceMs: number } | null = null;
  let faults = 0;

  return async () => {
    const startedAtMs = Date.now();
    try {
      await cycle.run();
      inspection.addCycle(cluster.name, (Date.now() - startedAtMs) / 1000);
      if (fault !== null) log.info("inspecting again");
      fault = null;
      faults = 0;
    } catch (error) {
      // A fault of Postgres ends this leadership. A fault of the broker is waited out with what is remembered.
      if (!isBrokerFault(error)) throw error;
      if (fault?.reason !== error.message) log.warn({ err: error }, "the cluster cannot be inspected; trying again");
      fault = { reason: error.message, sinceMs: fault?.sinceMs ?? startedAtMs };
      await cycle.outage(fault.reason, fault.sinceMs);
      faults++;
      return Math.max(pollMs, Math.min(pollMs * 2 ** Math.min(faults, 10), MAX_BACKOFF_MS));
    }
    return Math.max(200, pollMs - (Date.now() - startedAtMs));
  };
}
