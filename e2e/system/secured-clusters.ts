/** One cluster for each login and certificate, the rights of its users, and what refusals say. */
import { type SecuredBroker } from "./secured-stage.ts";
import { type Right } from "./secured-users.ts";

/** docs/operations.md lists these: all that a tap needs, and nothing it does not use. */
export const TAP_RIGHTS: readonly Right[] = [
  ["READ", "TOPIC", "*"],
  ["DESCRIBE_CONFIGS", "TOPIC", "*"],
  ["DESCRIBE", "GROUP", "*"],
];
export const REPLAY_RIGHTS: readonly Right[] = [
  ["WRITE", "TOPIC", "orders"],
  ["WRITE", "TRANSACTIONAL_ID", "flowtap-replay-*"],
  ["READ", "GROUP", "idle"],
];
/** the commit log may be seen and not read; or it is not even seen */
export const DENIED_RIGHTS: readonly Right[] = [...TAP_RIGHTS, ["DENY READ", "TOPIC", "__consumer_offsets"]];
export const CONFINED_RIGHTS: readonly Right[] = [
  ["READ", "TOPIC", "orders"],
  ["DESCRIBE", "GROUP", "*"],
];

export const TAPPED = ["mutual", "tls", "plain", "scram256", "scram512", "oauth"];
export const POLLED = ["denied", "confined"];
const UNKNOWN_AUTHORITY = "the broker's certificate is signed by an authority that is not trusted here";
const NAME_AUTHORITY = String.raw`name that authority's certificate in tls\.caFile`;
export const REFUSED: Readonly<Record<string, RegExp>> = {
  "wrong-password": /^the broker refuses the login of flowtap \(.*invalid credentials.*\); check sasl$/,
  "wrong-mechanism": /^the broker does not know the SASL mechanism plain at .*; set sasl\.mechanism/,
  "wrong-secret":
    /^the token endpoint answered 401 Unauthorized; check sasl\.tokenEndpoint, clientId and clientSecret$/,
  "unknown-authority": new RegExp(`^${UNKNOWN_AUTHORITY}; ${NAME_AUTHORITY}$`),
  expired: /^the broker's certificate has expired; it must be renewed there$/,
  "no-certificate": /client certificate/,
  "no-tls": /^the broker speaks TLS at .*; set tls$/,
};

export function clustersOf({ kafka, files, tokenEndpoint }: SecuredBroker): Record<string, unknown>[] {
  const [tls, mutual, expired, passwords, unencrypted] = ["TLS", "MUTUAL", "EXPIRED", "PASSWORDS", "UNENCRYPTED"].map(
    (name) => [kafka.listeners[name]],
  );
  const trusting = { caFile: files.ca };
  const login = (mechanism: string, username = "flowtap") => ({ mechanism, username, password: "${KAFKA_PASSWORD}" });
  const token = (clientSecret: string) => ({
    mechanism: "oauthbearer",
    tokenEndpoint,
    clientId: "flowtap",
    clientSecret,
  });
  const clusters: Record<string, object> = {
    mutual: { brokers: mutual, tls: { ...trusting, certFile: files.certificate, keyFile: files.key } },
    tls: { brokers: tls, tls: trusting },
    plain: { brokers: passwords, tls: trusting, sasl: login("plain") },
    scram256: { brokers: passwords, tls: trusting, sasl: login("scram-sha-256") },
    scram512: { brokers: passwords, tls: trusting, sasl: login("scram-sha-512") },
    oauth: { brokers: passwords, tls: trusting, sasl: token("${CLIENT_SECRET}") },
    denied: { brokers: passwords, tls: trusting, sasl: login("plain", "denied") },
    confined: { brokers: passwords, tls: trusting, sasl: login("scram-sha-512", "confined") },
    "wrong-password": { brokers: passwords, tls: trusting, sasl: { ...login("scram-sha-512"), password: "another" } },
    "wrong-mechanism": { brokers: unencrypted, sasl: login("plain") },
    "wrong-secret": { brokers: passwords, tls: trusting, sasl: token("another") },
    "unknown-authority": { brokers: tls, tls: { caFile: files.otherCa } },
    expired: { brokers: expired, tls: trusting },
    "no-certificate": { brokers: mutual, tls: trusting },
    "no-tls": { brokers: tls },
  };
  return Object.entries(clusters).map(([name, cluster]) => ({
    name,
    start: "earliest",
    ...cluster,
  }));
}
