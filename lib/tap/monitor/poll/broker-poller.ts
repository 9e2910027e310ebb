/** The stage that asks the broker, within a budget of requests, and records in the database what changed. */
import type pg from "pg";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { handsOutSingly } from "#lib/domain/health/group.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import { markInspected, readCommitSource } from "#lib/store/destinations/destinations-write.ts";
import type { OffsetsRow } from "#lib/store/destinations/offsets-write.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { CommitPoller } from "./commit-poller.ts";
import { DestinationRecorder } from "./destination-recorder.ts";
import { GroupPoller, maxDescribed } from "./group-poller.ts";
import { GroupRecorder } from "./group-recorder.ts";
import { OffsetsPoller } from "./offsets-poller.ts";
import { RouteRecorder } from "./route-recorder.ts";
import { isInternalTopic, type Polled } from "./polled.ts";
import { LogSizes, TopicSettingsPoller } from "./topic-details.ts";

export interface BrokerPollerDeps {
  readonly cluster: ClusterConfig;
  readonly clusterId: number;
  readonly config: FlowtapConfig;
  readonly inspector: LogInspector;
  readonly client: pg.Client;
  readonly log: Logger;
}

export class BrokerPoller {
  readonly #inspector: LogInspector;
  readonly #client: pg.Client;
  readonly #clusterId: number;
  readonly #destinations: DestinationRecorder;
  readonly #recorder: GroupRecorder;
  readonly #routes: RouteRecorder;
  readonly #groups: GroupPoller;
  readonly #settings: TopicSettingsPoller;
  readonly #sizes: LogSizes;
  readonly #commits: CommitPoller;
  readonly #offsets: OffsetsPoller;

  constructor({ cluster, clusterId, config, inspector, client, log }: BrokerPollerDeps) {
    this.#inspector = inspector;
    this.#client = client;
    this.#clusterId = clusterId;
    this.#destinations = new DestinationRecorder(client, clusterId);
    this.#recorder = new GroupRecorder(client, clusterId, config.observe);
    this.#routes = new RouteRecorder(client, clusterId);
    this.#groups = new GroupPoller(inspector, this.#recorder, cluster, maxDescribed(config.lag), log);
    this.#settings = new TopicSettingsPoller(inspector, client, clusterId, log);
    this.#sizes = new LogSizes(inspector, log);
    this.#commits = new CommitPoller(inspector, client);
    this.#offsets = new OffsetsPoller(inspector, client, this.#sizes, log);
  }

  /** Rejects with BrokerFault where the broker does not answer; what is remembered stays good. */
  async poll(): Promise<Polled> {
    const topics = await this.#inspector.destinations();
    const source = await readCommitSource(this.#client, this.#clusterId);
    const isTapped = source === "tapped";
    const infos = await this.#groups.poll(isTapped);
    const externalId = await this.#inspector.clusterId();
    const routes = await this.#inspector.routes();
    const names = topics.map(({ name }) => name).filter((name) => !isInternalTopic(name));
    await this.#settings.poll(names, Date.now());
    await this.#sizes.poll(names, Date.now());
    const destinationOf = await inTransaction(this.#client, async () => {
      const ids = await this.#destinations.record(topics);
      await this.#recorder.write(infos, this.#groups.isDescribed, isTapped, ids, Date.now());
      await this.#routes.record(routes, ids, this.#recorder.ids);
      await markInspected(this.#client, this.#clusterId, externalId);
      return ids;
    });
    await this.#commits.poll(this.#idsByName(infos.filter((info) => isToPoll(info, source))), destinationOf);
    return {
      topics,
      destinationOf,
      topicOf: new Map([...destinationOf].map(([name, id]) => [id, name])),
      groups: this.#byId(infos.filter((info) => info.fault !== null || this.#groups.isDescribed(info.group))),
      // Taken only now: a poll that fails before this leaves them to the next one.
      reassigned: this.#recorder.takeReassigned(),
    };
  }

  /** Where the logs begin and end now, of every partition that has a leader. */
  pollOffsets(polled: Polled): Promise<OffsetsRow[]> {
    return this.#offsets.poll(polled);
  }

  #byId(infos: readonly GroupInfo[]): Map<number, GroupInfo> {
    return new Map(
      infos.flatMap((info) => {
        const id = this.#recorder.ids.get(info.group);
        return id === undefined ? [] : [[id, info] as const];
      }),
    );
  }

  #idsByName(infos: readonly GroupInfo[]): Map<string, number> {
    return new Map([...this.#byId(infos)].map(([id, { group }]) => [group, id]));
  }
}

/**
 * Groups to which messages are handed out singly write no commits that could be tapped. As long as it is not known
 * whether the commit log can be tapped, nothing is polled: of thousands of groups that takes longer than finding out.
 */
const isToPoll = ({ fault, state, protocol }: GroupInfo, source: string): boolean =>
  fault === null && state !== "dead" && (source === "polled" || handsOutSingly(protocol));
