/** The only importer of the adapters. */
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { openKafka } from "./kafka/broker.ts";
import type { LogBroker } from "./ports/broker.ts";
import { openRabbit } from "./rabbitmq/broker.ts";

/** The broker of a configured cluster. Connects to nothing: what is opened of it does, on first use. */
export function openBroker(cluster: ClusterConfig): LogBroker {
  switch (cluster.system) {
    case "kafka":
      return openKafka(cluster);
    case "rabbitmq":
      return openRabbit(cluster);
  }
}
