import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import type { LogBroker } from "../ports/broker.ts";
import { BrokerFault } from "../ports/errors.ts";
import { openInspector } from "./inspect.ts";
import { openLogSource } from "./log-source.ts";
import { openReader } from "./read.ts";

/**
 * RabbitMQ 4.0 and later. It forgets a message once its consumers have settled it; so it keeps for Flowtap, in a stream
 * beside each exchange, a copy of what the exchange routes: a log like any other.
 */
export const openRabbit = (cluster: RabbitClusterConfig): LogBroker => ({
  keeps: "log",
  can: {
    read: "positions",
    progress: "counters",
    replay: "none",
    oneConsumer: "queue",
    publish: { transactional: false, partitions: false, ordering: "none", nullHeaderValues: true },
    move: "none",
  },
  commitLog: null,
  openLogSource: (log) => openLogSource(cluster, log),
  openInspector: (limits) => openInspector(cluster, limits),
  openReader: () => openReader(cluster),
  openPublisher: () =>
    Promise.reject(
      new BrokerFault(
        { kind: "records_refused", forTheirContent: false },
        "Flowtap does not send messages to RabbitMQ yet",
      ),
    ),
});
