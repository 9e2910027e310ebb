/** The options of the Kafka client, from a cluster's configuration. */
import { isIP } from "node:net";
import type { BaseOptions } from "@platformatic/kafka";
import type { KafkaClusterConfig, SaslConfig } from "#lib/config/cluster.ts";
import { tlsOptions } from "#lib/config/tls-files.ts";
import { parseAddress } from "./address.ts";
import { openTokenSource } from "./connect-oauth.ts";

export const CLIENT_ID = "flowtap";
const CONNECT_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 30_000;

/** The options of every @platformatic/kafka client; a new object each time, because a client keeps its options. */
export function platformaticOptions(cluster: KafkaClusterConfig): BaseOptions {
  // SNI allows names only, no addresses (RFC 6066); the certificate is checked against the address all the same.
  const sendsName =
    cluster.tls?.serverName !== undefined || cluster.brokers.every((broker) => isIP(parseAddress(broker).host) === 0);
  return {
    clientId: CLIENT_ID,
    bootstrapBrokers: cluster.brokers.map(parseAddress),
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

const PLATFORMATIC_MECHANISM = {
  plain: "PLAIN",
  "scram-sha-256": "SCRAM-SHA-256",
  "scram-sha-512": "SCRAM-SHA-512",
} as const;

function platformaticSasl(sasl: SaslConfig): NonNullable<BaseOptions["sasl"]> {
  if (sasl.mechanism === "oauthbearer") return { mechanism: "OAUTHBEARER", token: openTokenSource(sasl) };
  return { mechanism: PLATFORMATIC_MECHANISM[sasl.mechanism], username: sasl.username, password: sasl.password };
}
