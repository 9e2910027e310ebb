/**
 * What a tap does beside reading, in a thread of its own: correlating a burst takes seconds at a time, in which the
 * reading thread could neither send heartbeats to the broker nor take in what arrives.
 */
import { parentPort } from "node:worker_threads";
import { describeFaults, readConfig } from "#lib/config/read-config.ts";
import { openDatabase } from "#lib/store/db/database.ts";
import { InspectionCounts } from "#lib/telemetry/inspection.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { startAlerts } from "./alert/alert.ts";
import { startCorrelator } from "./correlate/correlate.ts";
import { startHousekeeping } from "./housekeeping/housekeeping.ts";
import { startMonitor } from "./monitor/monitor.ts";
import { startReplayRunner } from "./replay/replay.ts";

const REPORT_EVERY_MS = 1000;
// Each loop that leads keeps the connection that holds its lock.
const CONNECTIONS = { perCluster: 2, perProcess: 8 } as const;

const config = readConfig(process.env);
if (!config.ok) throw new Error(describeFaults(config.error));
const database = openDatabase({
  ...config.value.database,
  poolSize: CONNECTIONS.perProcess + CONNECTIONS.perCluster * config.value.clusters.length,
});
const log = openLog("flowtap-tap");
const stopping = new AbortController();
parentPort?.once("message", () => stopping.abort());

const inspection = new InspectionCounts();
const reporting = setInterval(() => parentPort?.postMessage(inspection.take()), REPORT_EVERY_MS);

const deps = { config: config.value, database, log, signal: stopping.signal };
await Promise.all([
  startMonitor({ ...deps, inspection }),
  startCorrelator(deps),
  startHousekeeping(deps),
  startReplayRunner(deps),
  startAlerts(deps),
]);
clearInterval(reporting);
await database.close();
parentPort?.close();
