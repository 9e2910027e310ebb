import type { ClusterConfig } from "#lib/config/cluster.ts";
import type { LogBroker } from "../ports/broker.ts";
import { COMMIT_LOG_TOPIC, readCommitLog } from "./commit-log.ts";
import { openInspector } from "./inspect.ts";
import { openPublisher } from "./publish.ts";
import { openReader } from "./read.ts";
import { openTap } from "./tap.ts";

/** Kafka 3.0 and later, and brokers with the same protocol. */
export const openKafka = (cluster: ClusterConfig): LogBroker => ({
  keeps: "log",
  can: {
    read: "positions",
    progress: "commits",
    replay: "transactional",
    oneConsumer: "header",
    // Records are published with KafkaJS, which has no null header values.
    publish: { transactional: true, partitions: true, ordering: "partition", nullHeaderValues: false },
    move: "offsets",
  },
  commitLog: { topic: COMMIT_LOG_TOPIC, read: ({ key, value }) => readCommitLog(key, value) },
  openLogSource: (group, log) => openTap(cluster, group, log),
  openInspector: (limits) => openInspector(cluster, limits),
  openReader: () => openReader(cluster),
  openPublisher: (id, log) => openPublisher(cluster, id, log),
});
