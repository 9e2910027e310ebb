/** The stages of a cycle and what they share: states of the group partitions, log ends and the reported status. */
import type pg from "pg";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { readOpenIncidents } from "#lib/store/groups/open-incidents-read.ts";
import { readReportedGroups } from "#lib/store/groups/reported-read.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { GroupEvaluator } from "./evaluate/group-evaluator.ts";
import { PartitionEvaluator } from "./evaluate/partition-evaluator.ts";
import { UnassignedPartitions } from "./evaluate/unassigned-partitions.ts";
import { Persister } from "./persist/persister.ts";
import { BrokerPoller } from "./poll/broker-poller.ts";
import { HotKeys } from "./report/hot-keys.ts";
import { ReportedStatus } from "./report/reported-status.ts";
import { Reporter } from "./report/reporter.ts";
import { Certainty } from "./state/certainty.ts";
import { HeadFinder } from "./state/head-finder.ts";
import { LogEnds } from "./state/log-ends.ts";
import { PartitionStates } from "./state/partition-states.ts";
import { Reconciler } from "./state/reconciler.ts";
import { StateReader } from "./state/state-reader.ts";

export interface StagesDeps {
  readonly cluster: ClusterConfig;
  readonly clusterId: number;
  readonly config: FlowtapConfig;
  readonly inspector: LogInspector;
  readonly reader: Reader;
  readonly client: pg.Client;
  readonly log: Logger;
}

export type Stages = Awaited<ReturnType<typeof openStages>>;

/** `client`: the connection that holds the lock of the cluster. */
export async function openStages(deps: StagesDeps) {
  const { clusterId, config, client, reader, log } = deps;
  const allowedLag = BigInt(config.lag.allowedMessages);
  const states = new PartitionStates();
  const ends = new LogEnds();
  const reported = await readReportedGroups(client, clusterId);
  const status = new ReportedStatus(reported, await readOpenIncidents(client, clusterId), Date.now());
  const heads = new HeadFinder({ client, reader, eventsHours: config.retention.eventsHours, log });
  return {
    poller: new BrokerPoller(deps),
    stateReader: new StateReader(client, clusterId, states),
    reconciler: new Reconciler({ client, clusterId, states, ends, heads }),
    certainty: new Certainty(Date.now()),
    partitions: new PartitionEvaluator(states, ends, allowedLag),
    groups: new GroupEvaluator(new UnassignedPartitions(ends), allowedLag),
    reporter: new Reporter(status, states),
    hotKeys: new HotKeys(client),
    persister: new Persister(client, clusterId, status),
  };
}
