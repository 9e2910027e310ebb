/** Everything that reads one Kafka cluster: its topics, its commit log, and the watch for new topics. */
import { setTimeout as sleep } from "node:timers/promises";
import { COMMIT_LOG_TOPIC } from "#lib/brokers/kafka/commit-log.ts";
import { openInspector } from "#lib/brokers/kafka/inspect.ts";
import { openTap } from "#lib/brokers/kafka/tap.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { LogSource } from "#lib/brokers/ports/log-source.ts";
import type { ClusterConfig, FlowtapConfig } from "#lib/config/schema.ts";
import { registerTopics, setClusterState, setCommitSource } from "#lib/store/ingest/clusters.ts";
import type { Names } from "#lib/store/ingest/names.ts";
import type { Postgres } from "#lib/store/db/postgres.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { countRequest, type TapMetrics } from "#lib/telemetry/metrics.ts";
import { CommitBuffer, CommitNames } from "./commit-buffer.ts";
import { EventBuffer } from "./event-buffer.ts";
import { Pipeline, type FlushBuffer } from "./pipeline.ts";
import { BucketSketches } from "./publish-totals.ts";
import { configuredStarts, findTopics, logStarts, listAgainAfterMs } from "./topics.ts";

/** a broker that refuses us is asked less and less often, but soon enough for one that only was away */
const DISCOVER_AT_LEAST_EVERY_MS = 15_000;
// A flush is six round trips, each of which waits for what the reading thread is decoding: half the size costs a tenth
// of the rate, twice the size gains nothing.
const MAX_RECORDS_PER_FLUSH = 32_768;
const MAX_BYTES_PER_FLUSH = 16 * 1024 * 1024;
const REFUSED_COMMIT_LOG_AGAIN_MS = 300_000;
/**
 * A commit log that no metadata shows after this many looks is one that may not be seen, or that nobody has needed yet:
 * then it is tapped when it appears.
 */
const LOOKS_FOR_COMMIT_LOG = 4;
const CLOSE_WITHIN_MS = 2500;

export interface ClusterTapDeps {
  readonly cluster: ClusterConfig;
  readonly clusterId: number;
  readonly tapId: number;
  readonly config: FlowtapConfig;
  readonly database: Postgres;
  readonly names: Names;
  readonly metrics: TapMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface SourceProgress {
  readonly cluster: string;
  readonly source: "events" | "commits";
  readonly pipeline: Pipeline;
  /** why it does not read right now; null while it does */
  fault: string | null;
  storeOutage: string | null;
  /** whether it has ever read; before, why not is only known to the watch for topics */
  hasRead: boolean;
}

interface Source {
  readonly tap: LogSource;
  readonly standing: SourceProgress;
}

/**
 * The group that reads the commit log: apart from the events' one, so that a refusal of the one does not
 * stop the other.
 */
const commitLogGroup = (cluster: ClusterConfig): string => `${cluster.tapGroup}.commits`;

export function startClusterTap(deps: ClusterTapDeps): {
  readonly standings: readonly SourceProgress[];
  readonly done: Promise<void>;
} {
  const { cluster, clusterId, database, names, tapId } = deps;
  const inspector = oneAtATime(
    openInspector(cluster, { onAnswer: (answer) => countRequest(deps.metrics, cluster.name, answer) }),
  );
  const eventBuffer = {
    clusterId,
    tapId,
    names,
    rules: deps.config.observe,
    groupServices: deps.config.observe.groupServices,
    sketches: new BucketSketches(),
    rolesTold: new Map<number, "dead_letter" | "retry">(),
  };
  const commitNames = new CommitNames(database.pool, clusterId);
  const ours = new Set([cluster.tapGroup, commitLogGroup(cluster)]);
  const commits: { refusedAt: number | null } = { refusedAt: null };
  let told = Promise.resolve();
  /** One after the other: a refusal may follow on the heels of a beginning. */
  const tellCommitSource = (source: "tapped" | "polled") => {
    told = told
      .then(() => setCommitSource(database.pool, clusterId, source))
      .catch((error: unknown) => deps.log.warn({ err: error }, "the cluster's state could not be written"));
  };
  const sources = {
    events: openSource(deps, inspector, "events", cluster.tapGroup, () => new EventBuffer(eventBuffer), {}),
    commits: openSource(
      deps,
      inspector,
      "commits",
      commitLogGroup(cluster),
      () => new CommitBuffer(commitNames, (group) => ours.has(group)),
      {
        onReading: () => {
          // A reader that has just been refused may join once more before it is stopped.
          if (commits.refusedAt === null) tellCommitSource("tapped");
        },
        onFault: (error) => {
          if (!isBrokerFault(error, "not_authorized")) return;
          commits.refusedAt = Date.now();
          tellCommitSource("polled");
        },
      },
    ),
  };
  return {
    standings: [sources.events.standing, sources.commits.standing],
    done: discover(deps, inspector, sources, commits),
  };
}

function openSource(
  deps: ClusterTapDeps,
  inspector: LogInspector,
  source: "events" | "commits",
  group: string,
  openBuffer: () => FlushBuffer,
  more: { onReading?: () => void; onFault?: (error: Error) => void },
): Source {
  const { cluster, clusterId, database, metrics } = deps;
  const log = deps.log.child({ cluster: cluster.name, source });
  const labels = { cluster: cluster.name, source };
  const tap = openTap(cluster, group, log);
  const pipeline = new Pipeline({
    pool: database.pool,
    clusterId,
    log,
    openBuffer,
    maxRecords: MAX_RECORDS_PER_FLUSH,
    maxBytes: MAX_BYTES_PER_FLUSH,
    startsOf: (partitions) => logStarts(inspector, partitions),
    seek: (partition, offset) => tap.seek(partition, offset),
    onOutage: (reason) => (standing.storeOutage = reason),
  });
  const standing: SourceProgress = {
    cluster: cluster.name,
    source,
    pipeline,
    fault: "not connected yet",
    storeOutage: null,
    hasRead: false,
  };
  tap.start({
    positionsOf: (partitions) => pipeline.positionsOf(partitions),
    onBatch: (batch) => pipeline.onBatch(batch),
    onRevoked: () => pipeline.onRevoked(),
    onGap: ({ topic, partition }, from, to) => {
      metrics.missedOffsets.inc({ cluster: cluster.name, topic }, Number(to - from));
      log.error(
        { topic, partition, from: String(from), to: String(to) },
        "retention removed records before they were read",
      );
    },
    onReading: () => {
      if (standing.fault !== null) log.info("reading");
      standing.fault = null;
      standing.hasRead = true;
      more.onReading?.();
    },
    onFault: (error) => {
      metrics.faults.inc(labels);
      if (standing.fault !== error.message) log.warn({ err: error }, "reading stopped; trying again");
      standing.fault = error.message;
      more.onFault?.(error);
    },
  });
  return { tap, standing };
}

/** Looks for topics until told to stop, then lets go of everything in order. */
async function discover(
  deps: ClusterTapDeps,
  inspector: LogInspector,
  { events, commits }: { events: Source; commits: Source },
  commitLog: { refusedAt: number | null },
): Promise<void> {
  const { cluster, clusterId, database, log, signal } = deps;
  const follow = async (topics: readonly DestinationInfo[], known: string, looks: number): Promise<string> => {
    const found = findTopics(topics, cluster.topics, deps.config.observe);
    const layout = JSON.stringify(
      found.map(({ topic, partitionCount, tapped }) => [topic, partitionCount, tapped]).sort(),
    );
    if (layout !== known) {
      const partitionsOf = new Map(
        topics.map(({ name: topic, partitions }) => [topic, partitions.map(({ partition }) => ({ topic, partition }))]),
      );
      await registerTopics(database.pool, clusterId, found, (names) =>
        configuredStarts(
          inspector,
          cluster.start,
          names.flatMap((name) => partitionsOf.get(name) ?? []),
          Date.now(),
        ),
      );
      log.info(
        { cluster: cluster.name, topics: found.length, tapped: found.filter(({ tapped }) => tapped).length },
        "topics",
      );
    }
    events.tap.setTopics(
      found.flatMap(({ topic, tapped, partitionCount }) => (tapped && partitionCount > 0 ? [topic] : [])),
    );
    if (commitLog.refusedAt !== null && Date.now() - commitLog.refusedAt > REFUSED_COMMIT_LOG_AGAIN_MS)
      commitLog.refusedAt = null;
    const hasCommitLog = found.some(({ topic }) => topic === COMMIT_LOG_TOPIC);
    commits.tap.setTopics(commitLog.refusedAt === null && hasCommitLog ? [COMMIT_LOG_TOPIC] : []);
    if (!hasCommitLog && looks === LOOKS_FOR_COMMIT_LOG) await setCommitSource(database.pool, clusterId, "polled");
    return layout;
  };

  let known = "";
  let fault: string | null = null;
  let pauseMs = listAgainAfterMs(0);
  for (let looks = 1; !signal.aborted; looks++) {
    try {
      const topics = await inspector.destinations().catch(async (error: unknown) => {
        if (!isBrokerFault(error)) throw error;
        const reason = error.message;
        if (fault !== reason)
          log.warn({ cluster: cluster.name, err: error }, "the broker does not tell its topics; trying again");
        pauseMs = fault === null ? listAgainAfterMs(0) : Math.min(pauseMs * 2, DISCOVER_AT_LEAST_EVERY_MS);
        fault = reason;
        looks = 0;
        for (const { standing } of [events, commits]) if (!standing.hasRead) standing.fault = reason;
        await setClusterState(database.pool, clusterId, "unreachable", reason);
        return null;
      });
      if (topics !== null) {
        if (fault !== null) log.info({ cluster: cluster.name }, "the broker tells its topics again");
        fault = null;
        pauseMs = listAgainAfterMs(topics.length);
        known = await follow(topics, known, looks);
        await setClusterState(database.pool, clusterId, "connected", null);
      }
    } catch (error) {
      log.warn({ cluster: cluster.name, err: error }, "topics could not be taken in; trying again");
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(
    [events, commits].map(async ({ tap, standing }) => {
      await standing.pipeline.close(CLOSE_WITHIN_MS);
      await tap.stop();
    }),
  );
  await inspector.close();
}

/** The inspector asks one thing at a time; discovery and first sights may want it together. */
function oneAtATime(inspector: LogInspector): LogInspector {
  let last: Promise<unknown> = Promise.resolve();
  const queue = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
  return {
    ...inspector,
    destinations: () => queue(() => inspector.destinations()),
    logOffsets: (partitions) => queue(() => inspector.logOffsets(partitions)),
    offsetsAt: (partitions, timeMs) => queue(() => inspector.offsetsAt(partitions, timeMs)),
  };
}
