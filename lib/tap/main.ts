/** `npm run tap`: reads the brokers of the configuration into Postgres until it is told to stop. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describeFaults, readConfig } from "#lib/config/read-config.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import { describeDatabaseFault, isDatabaseUnreachable } from "#lib/store/db/database-faults.ts";
import { beatTap, ensureCluster, registerTap } from "#lib/store/ingest/clusters.ts";
import { Names } from "#lib/store/ingest/names.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { openPostgres, type Postgres } from "#lib/store/db/postgres.ts";
import type { InspectionFigures } from "#lib/telemetry/inspection.ts";
import { openLog, type Logger } from "#lib/telemetry/log.ts";
import { openTapMetrics, tellInspection, type TapMetrics } from "#lib/telemetry/metrics.ts";
import { startClusterTap, type SourceProgress } from "./ingest/cluster-tap.ts";
import { countersOf, metricsRefresher, serveObservability } from "./observability.ts";
import { GcPolicy } from "./gc-policy.ts";

const HEARTBEAT_MS = 2000;
const PARTITIONS_EVERY_MS = 600_000;
const STOP_WITHIN_MS = 5000;
const RETRY_MS = 2000;
/** reading comes first; loading the rest beside it would hold it up */
const BACKGROUND_AFTER_MS = 1500;
// Each cluster: a flush per source and first sights. The process: names, partitions, the heartbeat.
const CONNECTIONS = { perCluster: 3, perProcess: 3 } as const;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (!config.ok) {
    console.error(describeFaults(config.error));
    process.exitCode = 1;
    return;
  }
  const log = openLog("flowtap-tap");
  const stopping = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      log.info({ signal }, "stopping");
      stopping.abort();
      // Whatever hangs, a stop is a stop: what is not stored is read again.
      setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    });
  }
  const database = openPostgres({
    ...config.value.database,
    poolSize: CONNECTIONS.perProcess + CONNECTIONS.perCluster * config.value.clusters.length,
  });
  const metrics = openTapMetrics();
  const names = new Names(database.pool);
  let standings: readonly SourceProgress[] = [];
  const { server, port } = await serveObservability(
    Number(process.env["FLOWTAP_TAP_METRICS_PORT"] ?? 0),
    metrics,
    () => standings,
    metricsRefresher(metrics, names),
  );
  log.info({ port }, "metrics and health on 127.0.0.1");
  try {
    const place = await takePlace(config.value, database, log, stopping.signal);
    if (place === null) return;
    const deps = { config: config.value, database, names, metrics, log, signal: stopping.signal };
    const taps = place.clusters.map((cluster) => startClusterTap({ ...deps, ...cluster, tapId: place.tapId }));
    standings = taps.flatMap((tap) => tap.standings);
    await Promise.all([
      ...taps.map((tap) => tap.done),
      beat(database, place.tapId, () => standings, log, stopping.signal),
      keepPartitions(database, log, stopping.signal),
      runInBackground(metrics, log, stopping.signal),
    ]);
    await tell(database, place.tapId, countersOf(standings), log, true);
  } finally {
    server.close();
    await database.close();
    log.info("stopped");
  }
}

/** What must be in the database before anything is read. Waits for a database that is away; a wrong one is a fault. */
async function takePlace(config: FlowtapConfig, { pool }: Postgres, log: Logger, signal: AbortSignal) {
  while (!signal.aborted) {
    try {
      await ensurePartitions(pool, new Date());
      const clusters = [];
      for (const cluster of config.clusters) clusters.push({ cluster, clusterId: await ensureCluster(pool, cluster) });
      const tapId = await registerTap(pool, { host: hostname(), pid: process.pid, version: ownVersion() });
      return { clusters, tapId };
    } catch (error) {
      if ((error as { code?: string }).code === "42P01")
        throw new Error("the database has no Flowtap tables; run `npm run db:migrate` first", { cause: error });
      const fault = describeDatabaseFault(error);
      if (fault !== null) throw new Error(fault, { cause: error });
      if (!isDatabaseUnreachable(error)) throw error;
      log.warn({ err: error }, "Postgres cannot be reached; trying again");
      await pause(RETRY_MS, signal);
    }
  }
  return null;
}

async function beat(
  database: Postgres,
  tapId: number,
  standings: () => readonly SourceProgress[],
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const thrift = new GcPolicy();
  while (!signal.aborted) {
    const counters = countersOf(standings());
    await tell(database, tapId, counters, log, false);
    thrift.update(counters.behind, Date.now());
    await pause(HEARTBEAT_MS, signal);
  }
}

async function tell(
  { pool }: Postgres,
  tapId: number,
  counters: ReturnType<typeof countersOf>,
  log: Logger,
  stopped: boolean,
): Promise<void> {
  await beatTap(pool, tapId, counters, stopped).catch((error: unknown) =>
    log.warn({ err: error }, "the heartbeat could not be written"),
  );
}

/**
 * Flushes stop when the hour they belong to has no partition, so every tap makes them, not only the one
 * that keeps house.
 */
async function keepPartitions({ pool }: Postgres, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(PARTITIONS_EVERY_MS, signal);
    if (!signal.aborted)
      await ensurePartitions(pool, new Date()).catch((error: unknown) =>
        log.warn({ err: error }, "partitions could not be made"),
      );
  }
}

/** Whatever is done beside reading, begun again should it end before its time. */
async function runInBackground(metrics: TapMetrics, log: Logger, signal: AbortSignal): Promise<void> {
  await pause(BACKGROUND_AFTER_MS, signal);
  while (!signal.aborted) {
    const worker = new Worker(new URL("./background.ts", import.meta.url));
    const stop = () => worker.postMessage("stop");
    signal.addEventListener("abort", stop, { once: true });
    const ended = Promise.withResolvers<void>();
    worker.on("message", (figures: InspectionFigures) => tellInspection(metrics, figures));
    worker.once("error", (error) => log.error({ err: error }, "the background thread ended; starting it again"));
    worker.once("exit", () => ended.resolve());
    await ended.promise;
    signal.removeEventListener("abort", stop);
    await pause(RETRY_MS, signal);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

try {
  await main();
} catch (error) {
  console.error(`The tap could not go on: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
