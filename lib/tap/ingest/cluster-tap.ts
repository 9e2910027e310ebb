/** Everything that reads one cluster: its topics, its commit log, and the discovery of new topics. */
import { openBroker } from "#lib/brokers/open.ts";
import type { CommitLog } from "#lib/brokers/ports/commit-log.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import type { Names } from "#lib/store/ingest/names.ts";
import type { Postgres } from "#lib/store/db/postgres.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { countRequest, type TapMetrics } from "#lib/telemetry/metrics.ts";
import { CommitBuffer } from "./commit-buffer.ts";
import { CommitNames } from "./commit-names.ts";
import { CommitLogAccess } from "./commit-log-access.ts";
import { EventBuffer } from "./event-buffer.ts";
import { BucketSketches } from "./publish-totals.ts";
import { Source, type SourceOptions, type SourceProgress } from "./source.ts";
import { TopicDiscovery } from "./topic-discovery.ts";
import { logStarts } from "./topics.ts";

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

export interface ClusterTap {
  readonly sources: readonly SourceProgress[];
  /** resolves when everything is closed, after the signal */
  readonly done: Promise<void>;
}

type CommonOptions = Omit<SourceOptions, "source" | "openLogSource" | "openBuffer">;

/** A group of its own for the commit log, so that a refusal to read it does not stop reading the events. */
const commitLogGroup = (cluster: ClusterConfig): string => `${cluster.tapGroup}.commits`;

export function startClusterTap(deps: ClusterTapDeps): ClusterTap {
  const { cluster, clusterId, database, metrics, log, signal } = deps;
  const broker = openBroker(cluster);
  const inspector = oneAtATime(
    broker.openInspector({ onAnswer: (answer) => countRequest(metrics, cluster.name, answer) }),
  );
  const common: CommonOptions = {
    cluster: cluster.name,
    clusterId,
    database,
    metrics,
    log,
    startsOf: (partitions) => logStarts(inspector, partitions),
  };
  const openLogSource = (group: string) => (sourceLog: Logger) => broker.openLogSource(group, sourceLog);
  const events = openEvents(deps, { ...common, openLogSource: openLogSource(cluster.tapGroup) });
  const commits =
    broker.commitLog === null
      ? null
      : openCommits(deps, broker.commitLog, { ...common, openLogSource: openLogSource(commitLogGroup(cluster)) });
  const sources = commits === null ? [events] : [events, commits.source];
  const discovery = new TopicDiscovery({
    ...deps,
    inspector,
    onUnreachable: (reason) => sources.forEach((source) => source.setUnreachable(reason)),
    onTopics: async (topics, lists) => {
      events.setTopics(
        topics.flatMap(({ topic, tapped, partitionCount }) => (tapped && partitionCount > 0 ? [topic] : [])),
      );
      if (commits !== null) {
        const names = topics.map(({ topic }) => topic);
        commits.source.setTopics(await commits.access.topicsToRead(names, lists));
      }
    },
  });
  const run = async (): Promise<void> => {
    await discovery.run(signal);
    await Promise.all(sources.map((source) => source.close()));
    await inspector.close();
  };
  return { sources, done: run() };
}

function openEvents(
  { clusterId, tapId, names, config }: ClusterTapDeps,
  options: CommonOptions & Pick<SourceOptions, "openLogSource">,
): Source {
  const shared = {
    clusterId,
    tapId,
    names,
    rules: config.observe,
    groupServices: config.observe.groupServices,
    sketches: new BucketSketches(),
    knownRoles: new Map<number, "dead_letter" | "retry">(),
  };
  return new Source({ ...options, source: "events", openBuffer: () => new EventBuffer(shared) });
}

function openCommits(
  { cluster, clusterId, database, log }: ClusterTapDeps,
  commitLog: CommitLog,
  options: CommonOptions & Pick<SourceOptions, "openLogSource">,
): { readonly source: Source; readonly access: CommitLogAccess } {
  const access = new CommitLogAccess({ database, clusterId, commitLog, log });
  const names = new CommitNames(database.pool, clusterId);
  const ours = new Set([cluster.tapGroup, commitLogGroup(cluster)]);
  const source = new Source({
    ...options,
    source: "commits",
    openBuffer: () => new CommitBuffer(commitLog, names, (group) => ours.has(group)),
    onReading: () => access.onReading(),
    onNotAuthorized: () => access.onNotAuthorized(),
  });
  return { source, access };
}

/** The inspector takes one call at a time, but discovery and the first assignment of partitions may overlap. */
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
