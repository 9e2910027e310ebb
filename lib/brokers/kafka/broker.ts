import type { KafkaClusterConfig } from "#lib/config/cluster.ts";
import type { LogBroker } from "../ports/broker.ts";
import { COMMIT_LOG_TOPIC, readCommitLog } from "./commit-log.ts";
import { openInspector } from "./inspect.ts";
import { openLogSource } from "./log-source.ts";
import { openPublisher } from "./publish/publisher.ts";
import { openReader } from "./read.ts";

/** Kafka 3.0 and later, and brokers with the same protocol. */
export const openKafka = (cluster: KafkaClusterConfig): LogBroker => ({
  keeps: "log",
  can: {
    read: "positions",
    progress: "commits",
    replay: "transactional",
    oneConsumer: "header",
    publish: { transactional: true, partitions: true, ordering: "partition", nullHeaderValues: true },
    move: "offsets",
  },
  commitLog: { topic: COMMIT_LOG_TOPIC, read: ({ key, value }) => readCommitLog(key, value) },
  openLogSource: (log, options) => openLogSource(cluster, log, options),
  openInspector: (limits) => openInspector(cluster, limits),
  openReader: () => openReader(cluster),
  openPublisher: (id) => openPublisher(cluster, id),
});
