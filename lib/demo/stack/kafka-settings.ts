/** Settings of a small broker that is its own controller and listens on loopback. */
export interface KafkaPorts {
  readonly broker: number;
  readonly controller: number;
  /** ports of the listeners beside the plain one, by name */
  readonly more: Readonly<Record<string, number>>;
}

export interface KafkaListener {
  readonly protocol: "SSL" | "SASL_SSL" | "SASL_PLAINTEXT";
  /** settings of this listener only, by Kafka's names */
  readonly settings: Readonly<Record<string, string>>;
}

export function kafkaSettings(
  ports: KafkaPorts,
  logDir: string,
  bindHost: string,
  listeners: Readonly<Record<string, KafkaListener>> = {},
): Record<string, string> {
  const more = Object.entries(ports.more);
  return {
    ...Object.fromEntries(
      Object.entries(listeners).flatMap(([name, { settings }]) =>
        Object.entries(settings).map(([key, value]) => [`listener.name.${name.toLowerCase()}.${key}`, value]),
      ),
    ),
    "process.roles": "broker,controller",
    "node.id": "1",
    // Only the broker itself connects to its controller.
    listeners: [
      `PLAINTEXT://${bindHost}:${ports.broker}`,
      `CONTROLLER://127.0.0.1:${ports.controller}`,
      ...more.map(([name, port]) => `${name}://${bindHost}:${port}`),
    ].join(","),
    "advertised.listeners": [
      `PLAINTEXT://127.0.0.1:${ports.broker}`,
      ...more.map(([name, port]) => `${name}://127.0.0.1:${port}`),
    ].join(","),
    "listener.security.protocol.map": [
      "PLAINTEXT:PLAINTEXT",
      "CONTROLLER:PLAINTEXT",
      ...Object.entries(listeners).map(([name, { protocol }]) => `${name}:${protocol}`),
    ].join(","),
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
    // After a kill the broker can register again only when its previous session has expired.
    "broker.session.timeout.ms": "5000",
    "broker.heartbeat.interval.ms": "1000",
    "group.initial.rebalance.delay.ms": "0",
    "log.retention.hours": "24",
    "log.retention.bytes": String(1024 * 1024 * 1024),
    "log.segment.bytes": String(64 * 1024 * 1024),
  };
}

/**
 * Settings as environment variables of the official image: KAFKA_<NAME>, with dots as `_`. The image copies the values
 * into a properties file unchanged, so they are escaped here.
 */
export const asImageEnvironment = (settings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll("_", "__").replaceAll("-", "___").replaceAll(".", "_")}`,
      escaped(value),
    ]),
  );

export const asProperties = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${escaped(value)}\n`)
    .join("");

/** Escapes for a properties file: Java reads it as Latin-1, and a line end would end the value. */
const escaped = (value: string): string =>
  value
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
