/** One broker that is its own controller, small and on the loopback. */
export interface KafkaPorts {
  readonly broker: number;
  readonly controller: number;
}

export function kafkaSettings(ports: KafkaPorts, logDir: string, bindHost: string): Record<string, string> {
  return {
    "process.roles": "broker,controller",
    "node.id": "1",
    listeners: `PLAINTEXT://${bindHost}:${ports.broker},CONTROLLER://${bindHost}:${ports.controller}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${ports.broker}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "controller.listener.names": "CONTROLLER",
    "controller.quorum.voters": `1@127.0.0.1:${ports.controller}`,
    "log.dirs": logDir,
    "num.network.threads": "2",
    "num.io.threads": "4",
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "4",
    // after a kill the broker may come back only when its former session is over
    "broker.session.timeout.ms": "5000",
    "broker.heartbeat.interval.ms": "1000",
    "group.initial.rebalance.delay.ms": "0",
    "log.retention.hours": "24",
    "log.retention.bytes": String(1024 * 1024 * 1024),
    "log.segment.bytes": String(64 * 1024 * 1024),
  };
}

/** The official image takes every setting as KAFKA_<NAME>. */
export const asImageEnvironment = (settings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll(".", "_")}`, value]));

export const asProperties = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value.replaceAll("\\", "\\\\")}\n`)
    .join("");
