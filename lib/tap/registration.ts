/** A tap process in the database: registered before anything is read, and alive for as long as its heartbeat comes. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { describeDatabaseFault, isDatabaseUnreachable } from "#lib/store/db/database-faults.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import type { Postgres } from "#lib/store/db/postgres.ts";
import { ensureCluster } from "#lib/store/ingest/clusters.ts";
import { beatTap, registerTap, type TapCounters } from "#lib/store/ingest/taps.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { GcPolicy } from "./gc-policy.ts";
import { pause } from "./leading.ts";

const HEARTBEAT_MS = 2000;
const RETRY_MS = 2000;
/** Postgres: a table does not exist */
const UNDEFINED_TABLE = "42P01";

interface Registered {
  readonly tapId: number;
  readonly clusters: readonly { readonly cluster: ClusterConfig; readonly clusterId: number }[];
}

/** Waits for a database that is away; rejects when it is the wrong one. null: aborted before it was there. */
export async function registerProcess(
  config: FlowtapConfig,
  database: Postgres,
  log: Logger,
  signal: AbortSignal,
): Promise<Registered | null> {
  while (!signal.aborted) {
    try {
      return await register(config, database);
    } catch (error) {
      if ((error as { code?: string }).code === UNDEFINED_TABLE)
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

async function register(config: FlowtapConfig, { pool }: Postgres): Promise<Registered> {
  await ensurePartitions(pool, new Date());
  const clusters = [];
  for (const cluster of config.clusters) clusters.push({ cluster, clusterId: await ensureCluster(pool, cluster) });
  const tapId = await registerTap(pool, { host: hostname(), pid: process.pid, version: ownVersion() });
  return { clusters, tapId };
}

/** Resolves when `signal` is aborted. */
export async function keepBeating(
  database: Postgres,
  tapId: number,
  counters: () => TapCounters,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const gcPolicy = new GcPolicy();
  while (!signal.aborted) {
    const now = counters();
    await writeHeartbeat(database, tapId, now, log, false);
    gcPolicy.update(now.behind, Date.now());
    await pause(HEARTBEAT_MS, signal);
  }
}

export async function writeHeartbeat(
  { pool }: Postgres,
  tapId: number,
  counters: TapCounters,
  log: Logger,
  stopped: boolean,
): Promise<void> {
  await beatTap(pool, tapId, counters, stopped).catch((error: unknown) =>
    log.warn({ err: error }, "the heartbeat could not be written"),
  );
}

function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
