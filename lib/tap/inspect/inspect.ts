/** Looks at every cluster in turns: topics, groups, where they stand, and what is to be thought of it. One tap does it for a cluster at a time. */
import { openInspector } from "#lib/brokers/kafka/inspect.ts";
import type { Inspector } from "#lib/brokers/ports.ts";
import type { ClusterConfig, FlowtapConfig } from "#lib/config/schema.ts";
import type { Database } from "#lib/store/database.ts";
import { ensureCluster } from "#lib/store/ingest-clusters.ts";
import { inTransaction, type Leadership } from "#lib/store/leader-lock.ts";
import { notifyJudged, readCommitsSince, readHeads, readHorizon, readLastCommits, readRecentFailures, readStandings, writeGroupJudgements, writeLagPoints, writePartitionJudgements } from "#lib/store/inspect-standings.ts";
import type { InspectionCounts } from "#lib/telemetry/inspection.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { pause, whileLeading } from "../leading.ts";
import { BrokerFault } from "./broker-fault.ts";
import { openBrokerWatch } from "./broker-watch.ts";
import { endKey, Standings } from "./standings.ts";

export interface InspectDeps {
  readonly config: FlowtapConfig;
  readonly database: Database;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly inspection: InspectionCounts;
}

const COMMITS_TO_REBUILD_FROM = 30;
const FAILURES_MINUTES = 5;
const HEADS_PER_TURN = 2000;
/** Events so old that they lie in other partitions of the index are looked up a few at a time; what is found is remembered. */
const OLD_HEADS_PER_TURN = 100;
const NOT_THERE_MS = 2000;
/** a broker that refuses us is asked less and less often, but soon enough for one that only was away */
const REFUSED_MS = 15_000;

/** Resolves when `signal` is aborted. */
export async function startInspector(deps: InspectDeps): Promise<void> {
  await Promise.all(deps.config.clusters.map((cluster) => inspectCluster(deps, cluster)));
}

async function inspectCluster(deps: InspectDeps, cluster: ClusterConfig): Promise<void> {
  const { database, signal } = deps;
  const log = deps.log.child({ cluster: cluster.name });
  const clusterId = await untilThere(() => ensureCluster(database.pool, cluster), log, signal);
  if (clusterId === null) return;
  const inspector = openInspector(cluster, { perSecond: deps.config.lag.requestsPerSecond, onAnswer: (answer) => deps.inspection.addRequest(cluster.name, answer) });
  try {
    await whileLeading({ database, log, signal, lock: { kind: "inspect", id: clusterId } }, (lead) => openTurns(deps, cluster, clusterId, inspector, lead, log));
  } finally {
    await inspector.close().catch((error: unknown) => log.warn({ err: error }, "the inspector's connections did not close"));
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

async function openTurns(deps: InspectDeps, cluster: ClusterConfig, clusterId: number, inspector: Inspector, { client }: Leadership, log: Logger): Promise<() => Promise<number>> {
  const { config } = deps;
  const pollMs = config.lag.pollSeconds * 1000;
  const watch = openBrokerWatch({ cluster, clusterId, config, inspector, client, log });
  const standings = new Standings(BigInt(config.lag.allowedMessages));
  let horizon: bigint | null = null;
  let fault: string | null = null;
  let faults = 0;

  const look = async (): Promise<void> => {
    const seen = await watch.look();
    // Commits before the ends they are held against: lag is overstated by a moment rather than negative.
    const rows = await readStandings(client, clusterId);
    const upTo = await readHorizon(client);
    const commits = horizon === null ? await readLastCommits(client, clusterId, COMMITS_TO_REBUILD_FROM) : await readCommitsSince(client, clusterId, horizon, upTo);
    const offsets = await watch.readOffsets(seen);
    const nowMs = Date.now();
    standings.addEnds(new Map(offsets.map((at) => [endKey(at.destinationId, at.partition), at.endOffset])), nowMs);
    standings.addCommits(commits);
    horizon = upTo;

    const wanted = standings.headsWanted(rows, HEADS_PER_TURN);
    const heads = await readHeads(client, wanted, 1);
    standings.addHeads(wanted, heads);
    const found = new Set(heads.filter((head) => head.firstPosition <= head.committedOffset).map((head) => endKey(head.destinationId, head.partition) + `/${head.committedOffset}`));
    const old = wanted.filter((row) => !found.has(endKey(row.destinationId, row.partition) + `/${row.committedOffset}`)).slice(0, OLD_HEADS_PER_TURN);
    standings.addHeads(old, await readHeads(client, old, config.retention.eventsHours));

    const failures = await readRecentFailures(client, clusterId, FAILURES_MINUTES);
    const groups = new Map([...seen.groups].map(([groupId, info]) => [groupId, { name: info.group, topicOf: (id: number) => seen.topicOf.get(id) ?? `destination ${id}`, memberCount: info.members.length, state: info.state, recentFailures: failures.get(info.group) ?? 0 }]));
    const judged = standings.judge(rows, groups, nowMs);
    await inTransaction(client, async () => {
      await watch.writeOffsets(offsets, nowMs);
      await writePartitionJudgements(client, judged.partitions);
      await writeGroupJudgements(client, judged.groups);
      await writeLagPoints(client, judged.points);
      await notifyJudged(client);
    });
  };

  return async () => {
    const startedAt = Date.now();
    try {
      await look();
      deps.inspection.addTurn(cluster.name, (Date.now() - startedAt) / 1000);
      if (fault !== null) log.info("inspecting again");
      fault = null;
      faults = 0;
    } catch (error) {
      // Postgres' faults end this leadership; the broker's are waited out with what is remembered.
      if (!(error instanceof BrokerFault)) throw error;
      if (fault !== error.message) log.warn({ err: error.cause }, "the cluster cannot be inspected; trying again");
      fault = error.message;
      faults++;
      return Math.max(pollMs, Math.min(pollMs * 2 ** Math.min(faults, 10), REFUSED_MS));
    }
    return Math.max(200, pollMs - (Date.now() - startedAt));
  };
}
