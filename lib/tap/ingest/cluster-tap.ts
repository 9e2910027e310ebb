/** Everything that reads one cluster: its topics, its commit log, and the discovery of new topics. */
import { openBroker } from "#lib/brokers/open.ts";
import type { CommitLog } from "#lib/brokers/ports/commit-log.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { setCommitSource } from "#lib/store/ingest/clusters.ts";
import type { Names } from "#lib/store/ingest/names.ts";
import type { Postgres } from "#lib/store/db/postgres.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { countRequest, type TapMetrics } from "#lib/telemetry/metrics.ts";
import { KnownProducers } from "../publishers/known-producers.ts";
import type { LiveObserveRules } from "../publishers/live-observe-rules.ts";
import { CommitBuffer } from "./commit-buffer.ts";
import { CommitNames } from "./commit-names.ts";
import { CommitLogAccess } from "./commit-log-access.ts";
import { TopicRoles } from "./topic-roles.ts";
import { EventBuffer } from "./event-buffer.ts";
import { PartitionSharing } from "./partition-sharing.ts";
import { BucketSketches } from "./publish-totals.ts";
import { Source, type SourceOptions, type SourceProgress } from "./source.ts";
import { TappedPartitions } from "./tapped-partitions.ts";
import { TopicDiscovery } from "./topic-discovery.ts";
import { openLeftOutGroups } from "../left-out-groups.ts";
import { logStarts } from "./topics.ts";

export interface ClusterTapDeps {
  readonly cluster: ClusterConfig;
  readonly clusterId: number;
  readonly tapId: number;
  readonly config: FlowtapConfig;
  readonly rules: LiveObserveRules;
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

type CommonOptions = Omit<SourceOptions, "source" | "openBuffer">;

export function startClusterTap(deps: ClusterTapDeps): ClusterTap {
  const { cluster, clusterId, tapId, database, metrics, log, signal } = deps;
  const broker = openBroker(cluster);
  const inspector = oneAtATime(
    broker.openInspector({ onAnswer: (answer) => countRequest(metrics, cluster.name, answer) }),
  );
  const common: CommonOptions = {
    cluster: cluster.name,
    database,
    metrics,
    log,
    openLogSource: (sourceLog, options) => broker.openLogSource(sourceLog, options),
    startsOf: (partitions) => logStarts(inspector, partitions),
  };
  const producers = new KnownProducers(database.pool, clusterId, log, (entries) =>
    metrics.droppedProducers.inc({ cluster: cluster.name }, entries),
  );
  const events = openEvents(deps, producers, common);
  const commits = broker.commitLog === null ? null : openCommits(deps, broker.commitLog, producers, common);
  const sources = commits === null ? [events] : [events, commits.source];
  const tapped = new TappedPartitions();
  let areListed = false;
  const share = (): void => {
    if (!areListed) return;
    events.assign(sharing.ours(tapped.events));
    commits?.source.assign(sharing.ours(tapped.commits));
  };
  const sharing = new PartitionSharing({ pool: database.pool, clusterId, tapId, log, onChange: share });
  const discovery = new TopicDiscovery({
    ...deps,
    inspector,
    onUnreachable: (reason) => sources.forEach((source) => source.setUnreachable(reason)),
    onTopics: async (topics, lists) => {
      const commitTopics =
        (await commits?.access.topicsToRead(
          topics.map(({ topic }) => topic),
          lists,
        )) ?? [];
      commits?.names.update(topics);
      if (commits === null) await setCommitSource(database.pool, clusterId, "polled");
      const hasChanged = tapped.update(topics, commitTopics);
      if (areListed && !hasChanged) return;
      areListed = true;
      share();
    },
  });
  const run = async (): Promise<void> => {
    await Promise.all([
      discovery.run(signal),
      sharing.run(signal, async () => void (await Promise.all(sources.map((source) => source.close())))),
    ]);
    await Promise.all([inspector.close(), producers.close()]);
  };
  return { sources, done: run() };
}

function openEvents(
  { clusterId, tapId, names, rules }: ClusterTapDeps,
  producers: KnownProducers,
  options: CommonOptions,
): Source {
  const shared = {
    clusterId,
    tapId,
    names,
    rules: () => rules.current,
    producers,
    sketches: new BucketSketches(),
    topicRoles: new TopicRoles(),
  };
  return new Source({ ...options, source: "events", openBuffer: () => new EventBuffer(shared) });
}

function openCommits(
  { cluster, clusterId, database, log }: ClusterTapDeps,
  commitLog: CommitLog,
  producers: KnownProducers,
  options: CommonOptions,
): { readonly source: Source; readonly access: CommitLogAccess; readonly names: CommitNames } {
  const access = new CommitLogAccess({ database, clusterId, commitLog, log });
  const names = new CommitNames(database.pool, clusterId);
  const isLeftOut = openLeftOutGroups(cluster);
  const source = new Source({
    ...options,
    source: "commits",
    // A transaction left open must not hide what other groups commit behind it.
    logSourceOptions: { ownTransactions: true },
    openBuffer: () => new CommitBuffer(commitLog, names, producers, isLeftOut),
    onReading: () => access.onReading(),
    onNotAuthorized: () => access.onNotAuthorized(),
  });
  return { source, access, names };
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
