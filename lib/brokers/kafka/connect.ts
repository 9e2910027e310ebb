/** The options of the two Kafka clients, from a cluster's configuration. */
import { isIP } from "node:net";
import type { BaseOptions } from "@platformatic/kafka";
import kafkajs from "kafkajs";
import type { ClusterConfig, SaslConfig } from "#lib/config/cluster.ts";
import { tlsOptions } from "#lib/config/tls-files.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { registerCodecs } from "./codecs.ts";
import { openTokenSource } from "./connect-oauth.ts";

const CLIENT_ID = "flowtap";
const CONNECT_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 30_000;

/** The KafkaJS client; connects on first use. Its warnings and errors go to `log`. */
export function openKafkaJs(cluster: ClusterConfig, log: Logger): kafkajs.Kafka {
  registerCodecs();
  return new kafkajs.Kafka({
    clientId: CLIENT_ID,
    brokers: cluster.brokers,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    authenticationTimeout: 10_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    ...(cluster.tls && { ssl: tlsOptions(cluster.tls) }),
    ...(cluster.sasl && { sasl: kafkaJsSasl(cluster.sasl) }),
    retry: { initialRetryTime: 200, maxRetryTime: 2000, retries: 5 },
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => {
      const { timestamp: _timestamp, message, ...rest } = entry.log;
      // All lines of the library are logged as warnings: a reconnecting client repeats its errors, and the tap itself
      // reports each outage once. What the library cannot recover from rejects the call that met it.
      const level =
        entry.namespace === "Connection" ||
        entry.namespace === "BrokerPool" ||
        String(rest["error"]).includes("rebalancing")
          ? "debug"
          : "warn";
      log[level]({ kafkajs: entry.namespace, ...withoutStack(rest) }, message);
    },
  });
}

/** The options of every @platformatic/kafka client; a new object each time, because a client keeps its options. */
export function platformaticOptions(cluster: ClusterConfig): BaseOptions {
  // SNI allows names only, no addresses (RFC 6066); the certificate is checked against the address all the same.
  const sendsName =
    cluster.tls?.serverName !== undefined ||
    cluster.brokers.every((broker) => isIP(broker.slice(0, broker.lastIndexOf(":"))) === 0);
  return {
    clientId: CLIENT_ID,
    bootstrapBrokers: [...cluster.brokers],
    connectTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retries: 2,
    retryDelay: 250,
    ...(cluster.tls && {
      tls: tlsOptions(cluster.tls),
      ...(sendsName && { tlsServerName: cluster.tls.serverName ?? true }),
    }),
    ...(cluster.sasl && { sasl: platformaticSasl(cluster.sasl) }),
  };
}

function kafkaJsSasl(sasl: SaslConfig): kafkajs.SASLOptions {
  if (sasl.mechanism === "oauthbearer") {
    const token = openTokenSource(sasl);
    return { mechanism: "oauthbearer", oauthBearerProvider: async () => ({ value: await token() }) };
  }
  const { username, password } = sasl;
  switch (sasl.mechanism) {
    case "plain":
      return { mechanism: "plain", username, password };
    case "scram-sha-256":
      return { mechanism: "scram-sha-256", username, password };
    case "scram-sha-512":
      return { mechanism: "scram-sha-512", username, password };
  }
}

const PLATFORMATIC_MECHANISM = {
  plain: "PLAIN",
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
} as const;

function platformaticSasl(sasl: SaslConfig): NonNullable<BaseOptions["sasl"]> {
  if (sasl.mechanism === "oauthbearer") return { mechanism: "OAUTHBEARER", token: openTokenSource(sasl) };
  return { mechanism: PLATFORMATIC_MECHANISM[sasl.mechanism], username: sasl.username, password: sasl.password };
}

function withoutStack(entry: Record<string, unknown>): Record<string, unknown> {
  const { stack: _stack, ...rest } = entry;
  return rest;
}
