/** Lists a cluster's topics periodically: registers new ones, and records whether the cluster can be reached. */
import { setTimeout as sleep } from "node:timers/promises";
import { isBrokerFault, type BrokerFault } from "#lib/brokers/ports/errors.ts";
import type { DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { setClusterState } from "#lib/store/ingest/clusters.ts";
import type { Postgres } from "#lib/store/db/postgres.ts";
import { registerTopics, type FoundTopic } from "#lib/store/ingest/topics.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { configuredStarts, findTopics, listAgainAfterMs } from "./topics.ts";

/** A broker that fails is asked less and less often, but at least this often: it may be back at any time. */
const MAX_PAUSE_MS = 15_000;

export interface RegisteredTopic extends FoundTopic {
  readonly destinationId: number;
  readonly partitions: readonly number[];
}

export interface TopicDiscoveryOptions {
  readonly cluster: ClusterConfig;
  readonly clusterId: number;
  readonly config: FlowtapConfig;
  readonly database: Postgres;
  readonly inspector: LogInspector;
  readonly log: Logger;
  /**
   * All topics of the cluster, the same array as long as none of them has changed, and how many times in a row they
   * could be listed.
   */
  readonly onTopics: (topics: readonly RegisteredTopic[], lists: number) => Promise<void>;
  readonly onUnreachable: (reason: string) => void;
}

export class TopicDiscovery {
  readonly #options: TopicDiscoveryOptions;
  /** as they were last registered, the same array until any of them changes; and what each was then, by name */
  #registered: readonly RegisteredTopic[] | null = null;
  #layout: ReadonlyMap<string, string> = new Map();
  #ids: ReadonlyMap<string, number> = new Map();
  #fault: string | null = null;
  #lists = 0;
  #pauseMs = listAgainAfterMs(0);

  constructor(options: TopicDiscoveryOptions) {
    this.#options = options;
  }

  /** Resolves when `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { cluster, log } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#poll();
      } catch (error) {
        log.warn({ cluster: cluster.name, err: error }, "topics could not be registered; trying again");
      }
      await sleep(this.#pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #poll(): Promise<void> {
    const { database, clusterId, onTopics } = this.#options;
    const topics = await this.#list();
    if (topics === null) return;
    await onTopics(await this.#register(topics), this.#lists);
    await setClusterState(database.pool, clusterId, "connected", null);
  }

  async #list(): Promise<readonly DestinationInfo[] | null> {
    const { cluster, inspector, log } = this.#options;
    this.#lists++;
    try {
      const topics = await inspector.destinations();
      if (this.#fault !== null) log.info({ cluster: cluster.name }, "the broker lists its topics again");
      this.#fault = null;
      this.#pauseMs = listAgainAfterMs(topics.length);
      return topics;
    } catch (error) {
      if (!isBrokerFault(error)) throw error;
      await this.#onFault(error);
      return null;
    }
  }

  async #onFault(fault: BrokerFault): Promise<void> {
    const { cluster, clusterId, database, log, onUnreachable } = this.#options;
    const reason = fault.message;
    if (this.#fault !== reason)
      log.warn({ cluster: cluster.name, err: fault }, "the broker does not list its topics; trying again");
    this.#pauseMs = this.#fault === null ? listAgainAfterMs(0) : Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
    this.#fault = reason;
    this.#lists = 0;
    onUnreachable(reason);
    await setClusterState(database.pool, clusterId, "unreachable", reason);
  }

  /** Writes the topics to the database when any of them has changed, and the start positions of new ones. */
  async #register(topics: readonly DestinationInfo[]): Promise<readonly RegisteredTopic[]> {
    const { cluster, config } = this.#options;
    const found = findTopics(topics, cluster.topics, config.observe);
    const layout = new Map(
      found.map(({ topic, topicId, partitionCount, tapped }) => [topic, `${topicId} ${partitionCount} ${tapped}`]),
    );
    const isSame =
      layout.size === this.#layout.size && found.every(({ topic }) => layout.get(topic) === this.#layout.get(topic));
    if (this.#registered !== null && isSame) return this.#registered;
    await this.#write(topics, found);
    this.#layout = layout;
    this.#registered = found.flatMap((one, i) => {
      const destinationId = this.#ids.get(one.topic);
      const partitions = topics[i]?.partitions.map(({ partition }) => partition) ?? [];
      return destinationId === undefined ? [] : [{ ...one, destinationId, partitions }];
    });
    return this.#registered;
  }

  async #write(topics: readonly DestinationInfo[], found: readonly FoundTopic[]): Promise<void> {
    const { cluster, clusterId, database, inspector, log } = this.#options;
    const partitionsOf = new Map(
      topics.map(({ name, partitions }) => [name, partitions.map(({ partition }) => ({ topic: name, partition }))]),
    );
    this.#ids = await registerTopics(database.pool, clusterId, found, (names) =>
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
}
