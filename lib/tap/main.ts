/** `npm run tap`: reads the brokers of the configuration into Postgres until it is told to stop. */
import { Worker } from "node:worker_threads";
import { describeFaults, readConfig } from "#lib/config/read-config.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { openPostgres, type Postgres } from "#lib/store/db/postgres.ts";
import { Names } from "#lib/store/ingest/names.ts";
import type { InspectionFigures } from "#lib/telemetry/inspection.ts";
import { openLog, type Logger } from "#lib/telemetry/log.ts";
import { countInspection, openTapMetrics, type TapMetrics } from "#lib/telemetry/metrics.ts";
import { startClusterTap } from "./ingest/cluster-tap.ts";
import type { SourceProgress } from "./ingest/source.ts";
import { pause } from "./leading.ts";
import { openLiveObserveRules } from "./publishers/live-observe-rules.ts";
import { countersOf, metricsRefresher, serveObservability } from "./observability.ts";
import { keepBeating, registerProcess, writeHeartbeat } from "./registration.ts";

const PARTITIONS_EVERY_MS = 600_000;
const NAMES_EVERY_MS = 600_000;
const STOP_WITHIN_MS = 5000;
const RESTART_AFTER_MS = 2000;
/** Reading starts first: loading the other modules at the same time would delay it. */
const BACKGROUND_AFTER_MS = 1500;
// Each cluster: a flush per source, partitions that are new to this tap, and producers. The process: names, partitions,
// heartbeat.
const CONNECTIONS = { perCluster: 4, perProcess: 3 } as const;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (!config.ok) {
    console.error(describeFaults(config.error));
    process.exitCode = 1;
    return;
  }
  const log = openLog("flowtap-tap");
  await run(config.value, log, stopOnSignals(log));
}

/** Aborted by SIGTERM and the like. The process then ends even if something hangs: what is not stored is read again. */
function stopOnSignals(log: Logger): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      log.info({ signal }, "stopping");
      stopping.abort();
      setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    });
  }
  return stopping.signal;
}

async function run(config: FlowtapConfig, log: Logger, signal: AbortSignal): Promise<void> {
  const database = openPostgres({
    ...config.database,
    poolSize: CONNECTIONS.perProcess + CONNECTIONS.perCluster * config.clusters.length,
  });
  const metrics = openTapMetrics();
  const names = new Names(database.pool);
  let sources: readonly SourceProgress[] = [];
  const { server, port } = await serveObservability(
    config.tap,
    metrics,
    () => sources,
    metricsRefresher(metrics, names),
  );
  log.info({ host: config.tap.metricsHost, port }, "metrics and health are served");
  try {
    const registered = await registerProcess(config, database, log, signal);
    if (registered === null) return;
    const { tapId, clusters } = registered;
    const rules = await openLiveObserveRules(database.pool, config.observe, log, signal);
    const deps = { config, rules, database, names, metrics, log, signal, tapId };
    const taps = clusters.map((cluster) => startClusterTap({ ...deps, ...cluster }));
    sources = taps.flatMap((tap) => tap.sources);
    await Promise.all([
      ...taps.map((tap) => tap.done),
      keepBeating(database, tapId, () => countersOf(sources), log, signal),
      keepPartitions(database, log, signal),
      keepNames(names, log, signal),
      rules.done,
      runInBackground(metrics, log, signal),
    ]);
    await writeHeartbeat(database, tapId, countersOf(sources), log, true);
  } finally {
    server.close();
    await database.close();
    log.info("stopped");
  }
}

/** A flush fails when its hour has no partition, so every tap makes them, not only the one that does housekeeping. */
async function keepPartitions({ pool }: Postgres, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(PARTITIONS_EVERY_MS, signal);
    if (!signal.aborted)
      await ensurePartitions(pool, new Date()).catch((error: unknown) =>
        log.warn({ err: error }, "partitions could not be made"),
      );
  }
}

async function keepNames(names: Names, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(NAMES_EVERY_MS, signal);
    if (!signal.aborted)
      await names.refresh().catch((error: unknown) => log.warn({ err: error }, "names could not be refreshed"));
  }
}

/** Starts everything that runs beside reading, and starts it again if it ends too early. */
async function runInBackground(metrics: TapMetrics, log: Logger, signal: AbortSignal): Promise<void> {
  await pause(BACKGROUND_AFTER_MS, signal);
  while (!signal.aborted) {
    const worker = new Worker(new URL("./background.ts", import.meta.url));
    const stop = () => worker.postMessage("stop");
    signal.addEventListener("abort", stop, { once: true });
    const ended = Promise.withResolvers<void>();
    worker.on("message", (figures: InspectionFigures) => countInspection(metrics, figures));
    worker.once("error", (error) => log.error({ err: error }, "the background thread ended; starting it again"));
    worker.once("exit", () => ended.resolve());
    await ended.promise;
    signal.removeEventListener("abort", stop);
    await pause(RESTART_AFTER_MS, signal);
  }
}

try {
  await main();
} catch (error) {
  console.error(`The tap could not go on: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
