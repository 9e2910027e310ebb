/**
 * What a tap does beside reading, in a thread of its own: understanding a burst takes seconds at a time, in which the reading thread could
 * neither answer the broker's group nor take in what arrives.
 */
import { parentPort } from "node:worker_threads";
import { describeFaults, readConfig } from "#lib/config/read-config.ts";
import { openDatabase } from "#lib/store/database.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { startAlerts } from "./alert/alert.ts";
import { startCorrelator } from "./correlate/correlate.ts";
import { startHousekeeping } from "./housekeeping/housekeeping.ts";
import { startInspector } from "./inspect/inspect.ts";
import { startReplayRunner } from "./replay/replay.ts";

// Each loop that leads keeps the connection that holds its lock.
const CONNECTIONS = { perCluster: 2, perProcess: 8 } as const;

const config = readConfig(process.env);
if (!config.ok) throw new Error(describeFaults(config.error));
const database = openDatabase({ ...config.value.database, poolSize: CONNECTIONS.perProcess + CONNECTIONS.perCluster * config.value.clusters.length });
const log = openLog("flowtap-tap");
const stopping = new AbortController();
parentPort?.once("message", () => stopping.abort());

const deps = { config: config.value, database, log, signal: stopping.signal };
await Promise.all([startInspector(deps), startCorrelator(deps), startHousekeeping(deps), startReplayRunner(deps), startAlerts(deps)]);
await database.close();
parentPort?.close();
